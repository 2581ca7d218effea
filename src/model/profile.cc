// SPDX-License-Identifier: MPL-2.0
#include "model/profile.h"

#include <algorithm>
#include <array>

namespace slipway::model {
namespace {

constexpr std::array<std::pair<Variant, std::string_view>, 6> variants{{
    {Variant::normal, "normal"},
    {Variant::serial, "serial"},
    {Variant::rescue, "rescue"},
    {Variant::kmdb, "kmdb"},
    {Variant::single_user, "single-user"},
    {Variant::debug, "debug"},
}};

}  // namespace

Properties merged(Properties base, const Properties& overrides) {
  for (const Property& property : overrides) {
    auto same =
        std::find_if(base.begin(), base.end(), [&](auto& known) { return known.name == property.name; });
    if (same == base.end()) {
      base.push_back(property);
    } else {
      *same = property;
    }
  }
  return base;
}

std::string_view to_string(Variant variant) {
  auto found =
      std::find_if(variants.begin(), variants.end(), [&](auto& known) { return known.first == variant; });
  return found->second;
}

std::vector<std::string_view> variant_names() {
  std::vector<std::string_view> names;
  for (auto& [variant, name] : variants) names.push_back(name);
  return names;
}

std::optional<Variant> parse_variant(std::string_view text) {
  for (auto& [variant, name] : variants) {
    if (name == text) return variant;
  }
  return std::nullopt;
}

}  // namespace slipway::model
