// SPDX-License-Identifier: MPL-2.0
// What to boot and how: an image, what its kernel is told, the console, menu variants.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/problem.h"
#include "model/boot_files.h"
#include "model/image.h"
#include "model/san.h"
#include "model/up_rule.h"

namespace slipway::model {

/// How a profile is varied in its menu and by `slipway boot once`.
enum class Variant { normal, serial, rescue, kmdb, single_user, debug };
std::string_view to_string(Variant variant);
std::optional<Variant> parse_variant(std::string_view text);
/// Of all of them, "normal" first.
std::vector<std::string_view> variant_names();

struct Profile {
  std::string name;
  ImageRef image;                  ///< means nothing where `san` says what to boot
  std::optional<San> san;          ///< a disk in place of an image
  std::vector<std::string> flags;  ///< kernel flags before -B: "-k", "-d", "-v"
  Properties properties;
  std::vector<std::string> arguments;  ///< of kernels that are none of illumos: "quiet", "ip=dhcp"
  std::vector<std::string> confirmed;  ///< dangerous settings that are meant: "destroy_zpools"
  std::string console;                 ///< "text", "graphics", "ttya".."ttyd"; empty: the kernel's own choice
  std::vector<Variant> variants;
  BootFiles boot_files;
  UpRule up;
  Place place;    ///< where its table begins
  Places places;  ///< and each key's value
  UnreadKeys unread;
};

}  // namespace slipway::model
