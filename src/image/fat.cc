// SPDX-License-Identifier: MPL-2.0
#include "image/fat.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "image/fat_names.h"
#include "image/little_endian.h"

namespace slipway::image {
namespace {

constexpr std::size_t window = 64 << 10, slot = 32;
constexpr std::size_t most_folder_bytes = 2 << 20;  // 65,536 slots, as the specification has it
constexpr std::size_t most_files = 100'000, most_depth = 32, most_path = 1024;

Fault damaged(std::string what) {
  return {std::move(what), "the image is damaged: get it again from its publisher"};
}

bool is_power_of_two(std::uint32_t n) {
  return n != 0 && (n & (n - 1)) == 0;
}

}  // namespace

std::optional<FatShape> parse_fat(ByteView first) {
  if (first.size() < 512 || first[510] != 0x55 || first[511] != 0xaa) return std::nullopt;
  if (first[0] != 0xeb && first[0] != 0xe9) return std::nullopt;
  std::uint32_t sector = little16(first, 11), per_cluster = first[13], reserved = little16(first, 14);
  std::uint32_t tables = first[16], root_entries = little16(first, 17);
  std::uint32_t total = little16(first, 19) ? little16(first, 19) : little32(first, 32);
  std::uint32_t table = little16(first, 22) ? little16(first, 22) : little32(first, 36);
  bool sane = is_power_of_two(sector) && sector >= 512 && sector <= 4096 && is_power_of_two(per_cluster) &&
              reserved > 0 && (tables == 1 || tables == 2) && table > 0 && first[21] >= 0xf0;
  if (!sane) return std::nullopt;
  std::uint64_t root = reserved + std::uint64_t{tables} * table;
  std::uint64_t data = root + (std::uint64_t{root_entries} * slot + sector - 1) / sector;
  if (data >= total) return std::nullopt;
  FatShape shape;
  shape.cluster_bytes = sector * per_cluster;
  shape.table_at = std::uint64_t{reserved} * sector;
  shape.root_at = root * sector;
  shape.data_at = data * sector;
  shape.clusters = static_cast<std::uint32_t>((total - data) / per_cluster);
  shape.end = std::uint64_t{total} * sector;
  shape.root_entries = root_entries;
  shape.bits = shape.clusters < 4085 ? 12 : shape.clusters < 65525 ? 16 : 32;
  if (shape.bits == 32) shape.root_cluster = little32(first, 44);
  bool root_fits = shape.bits == 32 ? root_entries == 0 : root_entries > 0;
  std::uint64_t room = std::uint64_t{table} * sector * 8 / static_cast<unsigned>(shape.bits);
  return root_fits && room >= shape.clusters ? std::optional(shape) : std::nullopt;
}

std::optional<FatVolume> FatVolume::open(Disk& disk, const Partition& partition) {
  std::array<std::uint8_t, 512> first{};
  if (partition.size < first.size() || !disk.read(partition.start, first)) return std::nullopt;
  auto shape = parse_fat(first);
  return shape ? std::optional(FatVolume(disk, partition, *shape)) : std::nullopt;
}

Result<std::uint32_t, Fault> FatVolume::entry_of(std::uint32_t cluster) {
  std::uint64_t offset = std::uint64_t{cluster} * static_cast<unsigned>(shape_.bits) / 8;
  std::uint64_t at = shape_.table_at + offset;
  if (window_.empty() || at < window_at_ || at + 4 > window_at_ + window_.size()) {
    window_at_ = at / 512 * 512;
    std::uint64_t there = disk_->size() - std::min(disk_->size(), start_ + window_at_);
    window_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(window, there)));
    if (at + 4 > window_at_ + window_.size() || !disk_->read(start_ + window_at_, window_)) {
      window_.clear();
      return damaged("the table of clusters cannot be read");
    }
  }
  auto here = static_cast<std::size_t>(at - window_at_);
  if (shape_.bits == 32) return little32(window_, here) & 0x0fffffff;
  std::uint32_t two = little16(window_, here);
  if (shape_.bits == 16) return two;
  return cluster % 2 ? two >> 4 : two & 0xfff;
}

Result<std::optional<std::uint32_t>, Fault> FatVolume::next(std::uint32_t cluster) {
  using Next = std::optional<std::uint32_t>;
  auto entry = entry_of(cluster);
  if (!entry) return entry.error();
  std::uint32_t last = shape_.bits == 32 ? 0x0ffffff8 : shape_.bits == 16 ? 0xfff8 : 0xff8;
  if (*entry >= last) return Next();
  if (*entry < 2 || *entry >= shape_.clusters + 2) return damaged("a chain of clusters leads nowhere");
  return Next(*entry);
}

Result<void, Fault> FatVolume::read(std::uint32_t cluster, std::span<std::uint8_t> into) {
  std::uint64_t at = shape_.data_at + std::uint64_t{cluster - 2} * shape_.cluster_bytes;
  bool inside = cluster >= 2 && cluster < shape_.clusters + 2 && at + into.size() <= shape_.end;
  if (!inside || !disk_->read(start_ + at, into))
    return damaged("a cluster lies behind the end of the image");
  return {};
}

/// `cluster` 0: the root of FAT12 and FAT16, which has its own place.
Result<Bytes, Fault> FatVolume::folder_bytes(std::uint32_t cluster) {
  Bytes bytes;
  if (cluster == 0) {
    bytes.resize(std::size_t{shape_.root_entries} * slot);
    if (!disk_->read(start_ + shape_.root_at, bytes)) return damaged("the top folder cannot be read");
    return bytes;
  }
  for (std::optional<std::uint32_t> at = cluster; at;) {
    std::size_t before = bytes.size();
    if (before + shape_.cluster_bytes > most_folder_bytes + shape_.cluster_bytes)
      return damaged("a folder has no end");
    bytes.resize(before + shape_.cluster_bytes);
    if (auto got = read(*at, std::span(bytes).subspan(before)); !got) return got.error();
    auto following = next(*at);
    if (!following) return following.error();
    at = *following;
  }
  return bytes;
}

Result<std::vector<FatFile>, Fault> FatVolume::list() {
  struct Open {
    std::string path;
    std::uint32_t cluster;
    std::size_t depth;
  };
  std::vector<FatFile> files;
  std::vector<Open> folders{{"", shape_.root_cluster, 0}};
  std::uint64_t read_bytes = 0;
  while (!folders.empty()) {
    Open folder = std::move(folders.back());
    folders.pop_back();
    auto bytes = folder_bytes(folder.cluster);
    if (!bytes) return bytes.error();
    read_bytes += bytes->size();
    for (FatFile& file : fat_entries(*bytes)) {
      if (shape_.bits != 32) file.cluster &= 0xffff;  // the upper half is somebody else's there
      file.path = folder.path.empty() ? file.path : folder.path + "/" + file.path;
      if (file.folder && (file.cluster < 2 || folder.depth + 1 >= most_depth))
        return damaged("a folder leads back to where it lies");
      if (files.size() >= most_files || file.path.size() > most_path || read_bytes > 64 * most_folder_bytes)
        return damaged("its folders have no end");
      if (file.folder) folders.push_back({file.path, file.cluster, folder.depth + 1});
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace slipway::image
