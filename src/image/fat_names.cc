// SPDX-License-Identifier: MPL-2.0
#include "image/fat_names.h"

#include <array>

#include "image/little_endian.h"

namespace slipway::image {
namespace {

constexpr std::size_t slot = 32, units_in_slot = 13, most_slots = 20;
constexpr std::uint8_t read_only_hidden_system_label = 0x0f, label = 0x08, directory = 0x10, last_slot = 0x40;
constexpr std::uint8_t small_stem = 0x08, small_end = 0x10;  // of NT, in byte 12

void append_utf8(std::string& text, std::uint32_t unit) {
  if (unit < 0x80) {
    text += static_cast<char>(unit);
  } else if (unit < 0x800) {
    text += {static_cast<char>(0xc0 | unit >> 6), static_cast<char>(0x80 | (unit & 0x3f))};
  } else {
    text += {static_cast<char>(0xe0 | unit >> 12), static_cast<char>(0x80 | (unit >> 6 & 0x3f)),
             static_cast<char>(0x80 | (unit & 0x3f))};
  }
}

std::uint8_t checksum_of(ByteView short_name) {
  std::uint8_t sum = 0;
  for (std::uint8_t byte : short_name.first(11))
    sum = static_cast<std::uint8_t>((sum >> 1) + (sum << 7) + byte);
  return sum;
}

/// The slots of a long name, which come before the short one, last part first.
class LongName {
 public:
  void take(ByteView entry) {
    std::uint8_t order = entry[0] & 0x3f;
    if (entry[0] & last_slot) {
      units_.assign(std::size_t{order} * units_in_slot, 0);
      checksum_ = entry[13];
      next_ = order;
    }
    if (order == 0 || order > most_slots || order != next_ || entry[13] != checksum_) return forget();
    constexpr std::array<std::size_t, units_in_slot> at{1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    for (std::size_t i = 0; i < at.size(); ++i)
      units_[std::size_t{order - 1u} * units_in_slot + i] = little16(entry, at[i]);
    --next_;
  }

  /// Empty: there is none, or it is that of another entry.
  std::string text(ByteView short_name) const {
    std::string text;
    if (next_ != 0 || units_.empty() || checksum_ != checksum_of(short_name)) return text;
    for (std::uint32_t unit : units_) {
      if (unit == 0) break;
      append_utf8(text, unit);
    }
    return text;
  }

  void forget() {
    units_.clear();
    next_ = 0;
  }

 private:
  std::vector<std::uint32_t> units_;
  std::uint8_t next_ = 0, checksum_ = 0;
};

std::string short_name(ByteView entry) {
  auto part = [&](std::size_t at, std::size_t size, bool small) {
    std::string text(as_text(entry.subspan(at, size)));
    text.resize(text.find_last_not_of(' ') + 1);
    for (char& c : text) c = small && c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return text;
  };
  bool untold = (entry[12] & (small_stem | small_end)) == 0;
  std::string stem = part(0, 8, untold || entry[12] & small_stem);
  std::string end = part(8, 3, untold || entry[12] & small_end);
  if (!stem.empty() && stem[0] == '\x05') stem[0] = '\xe5';
  return end.empty() ? stem : stem + "." + end;
}

}  // namespace

std::vector<FatFile> fat_entries(ByteView folder) {
  std::vector<FatFile> files;
  LongName name;
  for (; folder.size() >= slot && folder[0] != 0; folder = folder.subspan(slot)) {
    ByteView entry = folder.first(slot);
    std::uint8_t attributes = entry[11] & 0x3f;
    if (entry[0] == 0xe5) {
      name.forget();
    } else if (attributes == read_only_hidden_system_label) {
      name.take(entry);
    } else {
      std::string text = name.text(entry);
      name.forget();
      if (attributes & label || entry[0] == '.') continue;
      FatFile file{text.empty() ? short_name(entry) : std::move(text), (attributes & directory) != 0,
                   little32(entry, 28), std::uint32_t{little16(entry, 20)} << 16 | little16(entry, 26)};
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace slipway::image
