// SPDX-License-Identifier: MPL-2.0
// The files of a disk image, such as SmartOS' for USB sticks: those of the largest FAT file system among its
// partitions. One that is packed (.img.gz) is unpacked once, with holes where it is empty, into a file
// without a name in TMPDIR or /var/tmp, which is gone with the process. One that is booted as a drive is a
// file of its own.
#pragma once

#include <memory>
#include <string>

#include "image/disk.h"
#include "image/source.h"

namespace slipway::image {

/// A file that may be read at any place, which one that is packed has to become first.
class DiskImage {
 public:
  DiskImage(std::string path, bool packed);
  ~DiskImage();
  DiskImage(const DiskImage&) = delete;
  DiskImage& operator=(const DiskImage&) = delete;

  /// Opened, and unpacked where it is packed; at the second call it is there. `meter` may be null.
  Result<Disk*, Refusal> open(Meter* meter);
  bool packed() const { return packed_; }

 private:
  std::string path_;
  bool packed_;
  std::unique_ptr<Disk> disk_;
};

/// Of a file that may be one by its beginning, packed or not; null: it is none.
std::shared_ptr<DiskImage> disk_image(const std::string& path);

/// What a packed file begins with once it is unpacked; empty: it is not packed.
Bytes packed_head(const std::string& path, std::size_t length);

/// "tool.img" of "tool.img.gz".
std::string unpacked_name(std::string name);

Result<std::unique_ptr<Source>, Refusal> open_disk(const SourceName& name, Meter* meter);
/// The disk itself as one file, unpacked.
Result<std::unique_ptr<Source>, Refusal> open_whole_disk(const SourceName& name, Meter* meter);

}  // namespace slipway::image
