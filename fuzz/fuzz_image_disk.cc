// SPDX-License-Identifier: MPL-2.0
// Any bytes are read as a disk image: partitions lie inside it, every listing and every chain ends.
#include <cstdlib>
#include <cstring>

#include "image/disk.h"
#include "image/fat.h"

using namespace slipway;

namespace {

class Input final : public image::Disk {
 public:
  explicit Input(ByteView bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  bool read(std::uint64_t at, std::span<std::uint8_t> into) override {
    if (at > bytes_.size() || into.size() > bytes_.size() - at) return false;
    std::memcpy(into.data(), bytes_.data() + at, into.size());
    return true;
  }

 private:
  ByteView bytes_;
};

void walk(image::FatVolume& volume) {
  auto files = volume.list();
  if (!files) return;
  for (const image::FatFile& file : *files) {
    std::optional<std::uint32_t> at = file.cluster;
    for (int steps = 0; at && *at >= 2 && steps < 64; ++steps) {
      Bytes bytes(volume.shape().cluster_bytes);
      if (!volume.read(*at, bytes)) break;
      auto next = volume.next(*at);
      at = next ? *next : std::nullopt;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input disk({data, size});
  image::may_be_disk({data, size});
  for (const image::Partition& partition : image::partitions_of(disk)) {
    if (partition.start + partition.size > size) std::abort();
    if (auto volume = image::FatVolume::open(disk, partition)) walk(*volume);
  }
  return 0;
}
