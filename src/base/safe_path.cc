// SPDX-License-Identifier: MPL-2.0
#include "base/safe_path.h"

#include <algorithm>

namespace slipway {
namespace {

constexpr std::size_t max_path = 1024;
constexpr std::size_t max_component = 255;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::optional<SafePath> SafePath::parse(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('/'), text.size()));  // counts for nothing
  if (text.size() > max_path || std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  SafePath path;
  path.components_.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '/')) + 1);
  while (!text.empty()) {
    std::string_view component = text.substr(0, text.find('/'));
    text.remove_prefix(std::min(text.size(), component.size() + 1));
    if (component.empty()) continue;
    if (component == "." || component == ".." || component.size() > max_component) return std::nullopt;
    path.components_.emplace_back(component);
  }
  return path;
}

std::string SafePath::to_string() const {
  std::string joined;
  for (const std::string& component : components_) {
    if (!joined.empty()) joined += '/';
    joined += component;
  }
  return joined;
}

}  // namespace slipway
