// SPDX-License-Identifier: MPL-2.0
// Any bytes are an answer to a probe or none: ARP replies and ICMP echoes as the sockets give them.
#include <cstdlib>

#include "net/arp.h"
#include "net/icmp.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (auto heard = net::parse_arp_reply({data, size})) {
    if (heard->mac.is_zero() || heard->mac.is_multicast() || heard->address.is_any()) std::abort();
  }
  ByteReader in({data, size});
  std::uint64_t token = std::uint64_t{in.u32()} << 32;
  token |= in.u32();
  if (in.ok()) net::parse_echo_reply(in.take_rest(), token);
  return 0;
}
