// SPDX-License-Identifier: MPL-2.0
// Any text holds packets in hexadecimal or none, never more bytes than half of its characters.
#include <cstdlib>

#include "wire/hex_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::size_t bytes = 0;
  for (const auto& packet : slipway::wire::packets_in_hex({reinterpret_cast<const char*>(data), size})) {
    bytes += packet.size();
  }
  if (bytes > size / 2) std::abort();
  return 0;
}
