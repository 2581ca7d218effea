// SPDX-License-Identifier: MPL-2.0
// An OFFER on its way, for tests of frames and of who sends them.
#pragma once

#include "net/raw_sender.h"

namespace slipway::net {

inline constexpr MacAddress server_mac{{0x02, 0, 0, 0, 0, 0x01}};
inline constexpr MacAddress client_mac{{0x02, 0, 0, 0, 0, 0x02}};
inline constexpr Ipv4 server{0x0a090901}, client{0x0a090902};

inline RawDatagram offer(ByteView payload) {
  return {1, server_mac, client_mac, {server, 67}, {client, 68}, payload};
}

}  // namespace slipway::net
