// SPDX-License-Identifier: MPL-2.0
// A disk image, read at any place, and its partitions: of an MBR (primary ones) or a GPT (UEFI 2.10 §5), with
// sectors of 512 bytes, or of a disk that is one FAT file system. Everything in it is a stranger's: what lies
// outside of the image is not there. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace slipway::image {

class Disk {
 public:
  virtual ~Disk() = default;
  virtual std::uint64_t size() const = 0;
  /// False when the bytes are not all there or cannot be read.
  virtual bool read(std::uint64_t at, std::span<std::uint8_t> into) = 0;
};

struct Partition {
  std::uint64_t start = 0, size = 0;  ///< bytes
  friend bool operator==(const Partition&, const Partition&) = default;
};

/// Whether a file that begins so may be a disk image: the mark of a boot sector, and partitions or a file
/// system.
bool may_be_disk(ByteView head);
/// As they stand in the table, no more than 128; those that reach beyond the end are cut there.
std::vector<Partition> partitions_of(Disk& disk);

}  // namespace slipway::image
