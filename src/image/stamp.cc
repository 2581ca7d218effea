// SPDX-License-Identifier: MPL-2.0
#include "image/stamp.h"

#include <algorithm>

namespace slipway::image {
namespace {

constexpr std::string_view shape = "20######T######Z";

}  // namespace

bool is_stamp(std::string_view text) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(),
                    [](char c, char wanted) { return wanted == '#' ? c >= '0' && c <= '9' : c == wanted; });
}

std::optional<std::string> stamp_in(std::string_view text) {
  for (std::size_t at = 0; at + shape.size() <= text.size(); ++at) {
    std::string_view candidate = text.substr(at, shape.size());
    if (is_stamp(candidate)) return std::string(candidate);
  }
  return std::nullopt;
}

bool is_publisher_folder(std::string_view name) {
  if (!name.starts_with("platform-") && !name.starts_with("platform_")) return false;
  return name.size() >= shape.size() && is_stamp(name.substr(name.size() - shape.size()));
}

}  // namespace slipway::image
