// SPDX-License-Identifier: MPL-2.0
// A client that wants an address, and where it may get one: filled by the DHCP server from the packet
// and the plan, read by the allocator. Values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lease/client_key.h"
#include "model/subnet.h"

namespace slipway::lease {

/// One subnet the client may get an address in.
struct Space {
  Prefix network;
  std::vector<model::AddressRange> ranges;  ///< pools open to this client's classes, in order
  bool hashed = false;                      ///< a fresh address is looked for from a hash of the client on
  std::optional<Ipv4> reserved;             ///< this client's own address in this subnet
  std::chrono::seconds lease_time{12 * 3600};
  bool for_ever = false;  ///< BOOTP: the lease does not end
};

struct Asker {
  ClientKey client;
  MacAddress mac;
  Bytes client_id, relay;
  std::string hostname;
  std::vector<Space> spaces;      ///< one, or the members of a shared network in the order they are tried
  std::optional<Ipv4> requested;  ///< option 50 of a DISCOVER: a wish (RFC 2131 §4.3.1)
};

}  // namespace slipway::lease
