// SPDX-License-Identifier: MPL-2.0
// Any bytes are a message or a named error; a message that fits comes back as it went out.
#include <cstdlib>

#include "wire/dump.h"

using namespace slipway::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto message = parse_dhcp({data, size});
  if (!message) return 0;
  if (dump_dhcp(*message).empty() || dump_dhcp_line(*message).empty()) std::abort();
  Serialized out = serialize(*message, max_dhcp_size);
  auto back = parse_dhcp(out.bytes);
  if (!back) std::abort();
  if (out.left_out.empty() && !(*back == *message)) std::abort();
  return 0;
}
