// SPDX-License-Identifier: MPL-2.0
// Any text as an iPXE script: a machine walks it to an end, whatever its fetches come to.
#include <cstdlib>
#include <string_view>

#include "walk/script.h"
#include "walk/url.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::uint8_t luck = data[0];
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  walk::Settings settings({.mac = {{0x52, 0x54, 0, 1, 2, 3}}});
  walk::Script script(text, settings);
  walk::Url base{walk::Url::Scheme::http, {{0x0a000001}, 80}, "/boot/x.ipxe"};
  for (int steps = 0; steps < 100; ++steps) {
    walk::Step step = script.next((luck >> (steps % 8) & 1) != 0);
    if (auto* wanted = std::get_if<walk::Wanted>(&step)) {
      auto url = walk::resolve(base, wanted->url);
      if (url && url->path.size() > 2 * walk::longest_url) std::abort();
    } else if (!std::holds_alternative<walk::Pause>(step)) {
      return 0;
    }
  }
  return 0;
}
