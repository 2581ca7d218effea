// SPDX-License-Identifier: MPL-2.0
// For tests only: small disks made in memory.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "image/disk.h"

namespace slipway::image::test {

class MemoryDisk final : public Disk {
 public:
  explicit MemoryDisk(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  bool read(std::uint64_t at, std::span<std::uint8_t> into) override {
    if (at > bytes_.size() || into.size() > bytes_.size() - at) return false;
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at), into.size(), into.begin());
    return true;
  }

 private:
  std::string bytes_;
};

/// A FAT12 file system of small files in its top folder, which grows as they are put.
class Fat12 {
 public:
  static constexpr std::size_t sector = 512, clusters = 60, data = 3;  ///< boot sector, table, top folder

  Fat12() : bytes_((data + clusters) * sector, '\0') {
    bytes_[0] = '\xeb';
    put16(11, sector);
    bytes_[13] = 1;
    put16(14, 1);
    bytes_[16] = 1;
    put16(17, 16);
    put16(19, data + clusters);
    bytes_[21] = '\xf8';
    put16(22, 1);
    bytes_[510] = '\x55';
    bytes_[511] = '\xaa';
    chain(0, 0xff8);
    chain(1, 0xfff);
  }

  /// `name`: eleven letters, "UNIX       ".
  void add(const std::string& name, const std::string& content, std::uint8_t attributes = 0x20,
           std::uint8_t small = 0) {
    std::size_t first = content.empty() ? 0 : next_;
    for (std::size_t at = 0; at < content.size(); at += sector, ++next_) {
      std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(at), std::min(sector, content.size() - at),
                  bytes_.begin() + static_cast<std::ptrdiff_t>((data + next_ - 2) * sector));
      chain(next_, at + sector < content.size() ? next_ + 1 : 0xfff);
    }
    std::size_t slot = take_slot();
    bytes_.replace(slot, 11, name);
    bytes_[slot + 11] = static_cast<char>(attributes);
    bytes_[slot + 12] = static_cast<char>(small);
    put16(slot + 26, first);
    put16(slot + 28, content.size());
  }
  /// The long name of what is added next, of at most 13 letters.
  void add_long(const std::string& text, const std::string& short_name) {
    std::size_t slot = take_slot();
    std::uint8_t sum = 0;
    for (char c : short_name)
      sum = static_cast<std::uint8_t>((sum >> 1) + (sum << 7) + static_cast<std::uint8_t>(c));
    bytes_[slot] = 0x41;
    bytes_[slot + 11] = 0x0f;
    bytes_[slot + 13] = static_cast<char>(sum);
    constexpr std::size_t at[] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    for (std::size_t i = 0; i < 13; ++i)
      put16(slot + at[i], i < text.size()    ? static_cast<std::uint8_t>(text[i])
                          : i == text.size() ? 0
                                             : 0xffff);
  }
  void chain(std::size_t cluster, std::size_t to) {
    std::size_t at = sector + cluster * 3 / 2;
    std::size_t old = static_cast<std::uint8_t>(bytes_[at]) | static_cast<std::uint8_t>(bytes_[at + 1]) << 8;
    put16(at, cluster % 2 ? (old & 0x000f) | to << 4 : (old & 0xf000) | to);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void put16(std::size_t at, std::size_t value) {
    bytes_[at] = static_cast<char>(value & 0xff);
    bytes_[at + 1] = static_cast<char>(value >> 8 & 0xff);
  }
  std::size_t take_slot() { return 2 * sector + 32 * slots_++; }

  std::string bytes_;
  std::size_t next_ = 2, slots_ = 0;
};

}  // namespace slipway::image::test
