// SPDX-License-Identifier: MPL-2.0
// What to boot and how: an image, what its kernel is told, the console, menu variants.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/problem.h"
#include "model/image.h"
#include "model/up_rule.h"

namespace slipway::model {

/// One `-B name=value` property of an illumos kernel. Order is kept; names are unique.
struct Property {
  std::string name;
  std::string value;
  Place place;
  friend bool operator==(const Property& a, const Property& b) {
    return a.name == b.name && a.value == b.value;
  }
};
using Properties = std::vector<Property>;

/// `overrides` laid over `base`: same names replaced in place, new ones appended.
Properties merged(Properties base, const Properties& overrides);

/// How a profile is varied in its menu and by `slipway boot once`.
enum class Variant { normal, serial, rescue, kmdb, single_user, debug };
std::string_view to_string(Variant variant);
std::optional<Variant> parse_variant(std::string_view text);

struct Profile {
  std::string name;
  ImageRef image;
  std::vector<std::string> flags;  ///< kernel flags before -B: "-k", "-d", "-v"
  Properties properties;
  std::vector<std::string> arguments;  ///< of kernels that are none of illumos: "quiet", "ip=dhcp"
  std::string console;                 ///< "text", "graphics", "ttya".."ttyd"; empty: the kernel's own choice
  std::vector<Variant> variants;
  UpRule up;
  Place place;    ///< where its table begins
  Places places;  ///< and each key's value
  UnreadKeys unread;
};

}  // namespace slipway::model
