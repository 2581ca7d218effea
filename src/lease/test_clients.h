// SPDX-License-Identifier: MPL-2.0
// Clients, addresses and one small subnet for the tests of this room.
#pragma once

#include "lease/asker.h"

namespace slipway::lease {

inline constexpr Instant start = from_unix_seconds(1'800'000'000);
inline constexpr auto an_hour = std::chrono::hours(1);

/// 10.0.`number / 256`.`number % 256`
inline Ipv4 address(int number) {
  return {0x0a000000u + static_cast<std::uint32_t>(number)};
}

inline MacAddress mac(int number) {
  auto low = static_cast<std::uint8_t>(number), middle = static_cast<std::uint8_t>(number >> 8),
       high = static_cast<std::uint8_t>(number >> 16);
  return {{0x52, 0x54, 0, high, middle, low}};
}

inline ClientKey client(int number) {
  return ClientKey::of_mac(mac(number));
}

/// 10.0.0.0/16 with one pool of these addresses, leases of one hour.
inline Space space(int first, int last) {
  Space made;
  made.network = Prefix{{0x0a000000}, 16};
  made.ranges = {{address(first), address(last)}};
  made.lease_time = an_hour;
  return made;
}

inline Asker asker(int number, Space where) {
  Asker made;
  made.client = client(number);
  made.mac = mac(number);
  made.spaces = {std::move(where)};
  return made;
}

}  // namespace slipway::lease
