// SPDX-License-Identifier: MPL-2.0
#include "image/disk.h"

#include <algorithm>
#include <array>

#include "image/fat.h"
#include "image/little_endian.h"

namespace slipway::image {
namespace {

constexpr std::size_t sector = 512, table_at = 446, entries = 4, entry_size = 16;
constexpr std::uint8_t gpt_guard = 0xee;
constexpr std::uint32_t most_gpt_entries = 128, largest_gpt_entry = 1024;

struct MbrEntry {
  std::uint8_t status = 0, type = 0;
  std::uint32_t first = 0, count = 0;

  bool is_possible() const { return (status & 0x7f) == 0 && type != 0 && first != 0 && count != 0; }
};

std::array<MbrEntry, entries> table_of(ByteView boot_sector) {
  std::array<MbrEntry, entries> table;
  for (std::size_t i = 0; i < entries; ++i) {
    std::size_t at = table_at + i * entry_size;
    table[i] = {boot_sector[at], boot_sector[at + 4], little32(boot_sector, at + 8),
                little32(boot_sector, at + 12)};
  }
  return table;
}

bool has_boot_mark(ByteView head) {
  return head.size() >= sector && head[510] == 0x55 && head[511] == 0xaa;
}

void add(std::vector<Partition>& found, const Disk& disk, std::uint64_t first, std::uint64_t count) {
  std::uint64_t sectors = disk.size() / sector;
  if (first == 0 || first >= sectors || count == 0) return;
  found.push_back({first * sector, std::min(count, sectors - first) * sector});
}

/// UEFI 2.10 §5.3.2, §5.3.3.
void add_gpt(std::vector<Partition>& found, Disk& disk) {
  std::array<std::uint8_t, sector> header{};
  if (!disk.read(sector, header) || !as_text(header).starts_with("EFI PART")) return;
  std::uint64_t at = little64(header, 72) * sector;
  std::uint32_t count = std::min(little32(header, 80), most_gpt_entries), size = little32(header, 84);
  if (size < 128 || size > largest_gpt_entry || little64(header, 72) > disk.size() / sector) return;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::array<std::uint8_t, 128> entry{};
    if (!disk.read(at + std::uint64_t{i} * size, entry)) return;
    bool used = std::any_of(entry.begin(), entry.begin() + 16, [](std::uint8_t byte) { return byte != 0; });
    std::uint64_t first = little64(entry, 32), last = little64(entry, 40);
    if (used && last >= first && last - first < disk.size()) add(found, disk, first, last - first + 1);
  }
}

}  // namespace

bool may_be_disk(ByteView head) {
  if (!has_boot_mark(head)) return false;
  auto table = table_of(head);
  return parse_fat(head) ||
         std::any_of(table.begin(), table.end(), [](const MbrEntry& entry) { return entry.is_possible(); });
}

std::vector<Partition> partitions_of(Disk& disk) {
  std::vector<Partition> found;
  std::array<std::uint8_t, sector> head{};
  if (!disk.read(0, head) || !has_boot_mark(head)) return found;
  if (parse_fat(head)) return {{0, disk.size()}};
  auto table = table_of(head);
  if (std::any_of(table.begin(), table.end(), [](auto& entry) { return entry.type == gpt_guard; }))
    add_gpt(found, disk);
  if (!found.empty()) return found;
  for (const MbrEntry& entry : table) {
    if (entry.is_possible() && entry.type != gpt_guard) add(found, disk, entry.first, entry.count);
  }
  return found;
}

}  // namespace slipway::image
