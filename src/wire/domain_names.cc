// SPDX-License-Identifier: MPL-2.0
#include "wire/domain_names.h"

#include <algorithm>

namespace slipway::wire {
namespace {

constexpr std::size_t max_label = 63, max_name = 255;
constexpr std::uint8_t pointer_mark = 0xc0;

bool is_label(std::string_view label) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !label.empty() && label.size() <= max_label && std::all_of(label.begin(), label.end(), fits);
}

/// Reads the name at `position` and moves it behind the name. A pointer leads strictly backwards, so
/// this ends.
std::optional<std::string> read_name(ByteView bytes, std::size_t& position) {
  std::string name;
  std::size_t at = position;
  bool jumped = false;
  while (at < bytes.size()) {
    std::uint8_t length = bytes[at];
    if (length == 0) {
      if (!jumped) position = at + 1;
      return name;
    }
    if ((length & pointer_mark) == pointer_mark) {
      if (at + 1 >= bytes.size()) return std::nullopt;
      std::size_t target = static_cast<std::size_t>(length & ~pointer_mark) << 8 | bytes[at + 1];
      if (target >= at) return std::nullopt;
      if (!jumped) position = at + 2;
      jumped = true;
      at = target;
      // Going on from an earlier place may come past the pointer again: the name's limit ends that.
      continue;
    }
    if (at + 1 + length > bytes.size()) return std::nullopt;
    std::string_view label = as_text(bytes.subspan(at + 1, length));
    if (!is_label(label) || name.size() + 1 + label.size() > max_name) return std::nullopt;
    if (!name.empty()) name += '.';
    name += label;
    at += 1u + length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> parse_domain_names(ByteView bytes) {
  std::vector<std::string> names;
  for (std::size_t position = 0; position < bytes.size();) {
    auto name = read_name(bytes, position);
    if (!name || name->empty()) return std::nullopt;
    names.push_back(*std::move(name));
  }
  return names;
}

std::optional<Bytes> encode_domain_names(const std::vector<std::string>& names) {
  ByteWriter out;
  for (std::string_view name : names) {
    if (!name.empty() && name.back() == '.') name.remove_suffix(1);
    if (name.empty() || name.size() + 2 > max_name) return std::nullopt;
    while (!name.empty()) {
      std::size_t dot = std::min(name.find('.'), name.size());
      std::string_view label = name.substr(0, dot);
      if (!is_label(label) || dot + 1 == name.size()) return std::nullopt;
      out.u8(static_cast<std::uint8_t>(label.size()));
      out.text(label);
      name.remove_prefix(std::min(dot + 1, name.size()));
    }
    out.u8(0);
  }
  return std::move(out).take();
}

}  // namespace slipway::wire
