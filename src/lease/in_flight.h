// SPDX-License-Identifier: MPL-2.0
// Changes on their way to the store. An address is in flight for one client at a time, and a client has one
// address in flight at a time; a repeated request for the same address joins the first.
#pragma once

#include <optional>
#include <vector>

#include "base/address.h"
#include "base/flat_map.h"
#include "lease/client_key.h"

namespace slipway::lease {

class InFlight {
 public:
  void begin(Ipv4 address, const ClientKey& client);
  void end(Ipv4 address);

  const ClientKey* claimant(Ipv4 address) const;  ///< null: not in flight
  std::optional<Ipv4> claim_of(const ClientKey& client) const;
  std::vector<Ipv4> addresses() const;
  std::size_t size() const { return by_address_.size(); }

 private:
  struct Claim {
    ClientKey client;
    unsigned count = 0;
  };
  FlatMap<Ipv4, Claim> by_address_;
  FlatMap<ClientKey, Ipv4> by_client_;
};

}  // namespace slipway::lease
