// SPDX-License-Identifier: MPL-2.0
// The files of a FAT12, FAT16 or FAT32 file system, as PCs' and illumos' pcfs write them (Microsoft, "FAT32
// File System Specification" 1.03), read only. Names are the long ones; a short one without is in small
// letters, as `foldcase` of pcfs has it. Everything is bounded: folders that go in circles, chains without
// end and sizes that lie are refused with a Fault. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "image/disk.h"

namespace slipway::image {

/// What its first sector says, checked.
struct FatShape {
  std::uint32_t cluster_bytes = 0;
  std::uint64_t table_at = 0, root_at = 0, data_at = 0, end = 0;  ///< bytes from its beginning
  std::uint32_t root_entries = 0;                                 ///< of FAT12 and FAT16
  std::uint32_t root_cluster = 0;                                 ///< of FAT32
  std::uint32_t clusters = 0;                                     ///< numbered from 2
  int bits = 0;                                                   ///< 12, 16 or 32
};
std::optional<FatShape> parse_fat(ByteView first_sector);

struct FatFile {
  std::string path;
  bool folder = false;
  std::uint32_t size = 0;
  std::uint32_t cluster = 0;  ///< the first; 0: it is empty
};

class FatVolume {
 public:
  /// Nothing: there is no FAT file system. The disk must outlive it.
  static std::optional<FatVolume> open(Disk& disk, const Partition& partition);

  /// All files and folders, each folder before what is in it.
  Result<std::vector<FatFile>, Fault> list();
  /// The cluster behind this one; nothing at the end of the chain.
  Result<std::optional<std::uint32_t>, Fault> next(std::uint32_t cluster);
  /// As much of it as `into` holds, from the beginning of a cluster.
  Result<void, Fault> read(std::uint32_t cluster, std::span<std::uint8_t> into);

  const FatShape& shape() const { return shape_; }

 private:
  FatVolume(Disk& disk, const Partition& partition, const FatShape& shape)
      : disk_(&disk), start_(partition.start), shape_(shape) {}
  Result<Bytes, Fault> folder_bytes(std::uint32_t cluster);
  Result<std::uint32_t, Fault> entry_of(std::uint32_t cluster);

  Disk* disk_;
  std::uint64_t start_;
  FatShape shape_;
  Bytes window_;  ///< of the table
  std::uint64_t window_at_ = 0;
};

}  // namespace slipway::image
