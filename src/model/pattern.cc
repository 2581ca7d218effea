// SPDX-License-Identifier: MPL-2.0
#include "model/pattern.h"

#include <algorithm>

#include "base/hex.h"

namespace slipway::model {
namespace {

constexpr std::string_view hex_mark = "hex:";

std::vector<std::string> split_at_stars(std::string_view text) {
  std::vector<std::string> pieces;
  for (;;) {
    std::size_t star = text.find('*');
    pieces.emplace_back(text.substr(0, star));
    if (star == text.npos) return pieces;
    text.remove_prefix(star + 1);
  }
}

}  // namespace

Pattern::Pattern(std::string_view text) : pieces_(split_at_stars(text)) {}

std::optional<Pattern> Pattern::parse(std::string_view text) {
  if (!text.starts_with(hex_mark)) return Pattern(text);
  Pattern pattern(text.substr(hex_mark.size()));
  for (std::string& piece : pattern.pieces_) {
    std::erase_if(piece, [](char c) { return c == ':' || c == ' '; });
    auto bytes = from_hex(piece);
    if (!bytes) return std::nullopt;
    piece = as_text(*bytes);
  }
  return pattern;
}

bool Pattern::fits(std::string_view value) const {
  const std::string& first = pieces_.front();
  const std::string& last = pieces_.back();
  if (pieces_.size() == 1) return value == first;
  if (!value.starts_with(first)) return false;
  value.remove_prefix(first.size());
  for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
    std::size_t found = value.find(pieces_[i]);  // the earliest place leaves the most for the others
    if (found == value.npos) return false;
    value.remove_prefix(found + pieces_[i].size());
  }
  return value.ends_with(last);
}

bool fits_any(const std::vector<Pattern>& patterns, std::string_view value) {
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& p) { return p.fits(value); });
}

}  // namespace slipway::model
