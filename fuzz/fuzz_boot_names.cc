// SPDX-License-Identifier: MPL-2.0
// Any path: parses to a name whose canonical path parses to the same name, and never to the password file.
#include <cstdlib>
#include <string_view>

#include "boot/names.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto name = slipway::boot::parse({reinterpret_cast<const char*>(data), size});
  if (!name) return name.error().sentence.empty() ? std::abort(), 0 : 0;
  std::string path = slipway::boot::to_path(*name);
  std::string inside = path + "/";
  if (inside.find("/../") != std::string::npos || inside.ends_with("/root.password/")) std::abort();
  constexpr std::size_t most = 1024;  // a name near the limit may have a longer spelling, and no file has
  if (path.size() > most) return 0;
  auto again = slipway::boot::parse(path);
  if (!again || !(*again == *name)) std::abort();
  return 0;
}
