// SPDX-License-Identifier: MPL-2.0
// Where publishers put the files that boot their systems: the one table. Data.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "model/image.h"

namespace slipway::image {

/// Paths below one root, in any case; a `*` in the last name stands for anything.
struct SystemLayout {
  model::ImageKind kind;
  std::string_view id;     ///< begins the version where the source's name does not
  std::string_view title;  ///< for people
  std::string_view kernel;
  std::array<std::string_view, 3> initrds;
  std::array<std::string_view, 2> others;  ///< fetched by the system later; stored where they are there
  std::string_view words;                  ///< always wanted; {other} is the first of `others`
  std::string_view asks;                   ///< wanted and known to the operator only
  std::string_view program = {};           ///< for UEFI, where it is there
};

std::span<const SystemLayout> system_layouts();

}  // namespace slipway::image
