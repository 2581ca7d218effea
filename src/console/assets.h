// SPDX-License-Identifier: MPL-2.0
// The files of web/ as the build put them into the program (cmake/embed.cmake). Immutable, any thread.
#pragma once

#include <span>
#include <string_view>

namespace slipway::console {

struct Asset {
  std::string_view name;  ///< below web/: "js/main.js"
  std::string_view type;  ///< media type
  std::string_view text;
};

std::span<const Asset> assets();
/// Stands for the contents of all of them; another build has another one only where a file changed.
std::string_view release();

}  // namespace slipway::console
