// SPDX-License-Identifier: MPL-2.0
// Addresses offered and not yet requested: in memory only, one per client, for a short while. An offer
// keeps others away from an address as long as they have a choice; it takes nothing.
#pragma once

#include <list>
#include <optional>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/flat_map.h"
#include "base/time.h"
#include "lease/age_index.h"
#include "lease/client_key.h"

namespace slipway::lease {

class Offers {
 public:
  /// Notes the offer, in place of any other of this client or for this address.
  void put(const ClientKey& client, Ipv4 address, Instant until);
  void drop(Ipv4 address);
  /// Ends one offer that lasted until now and returns its address; nothing when there is none.
  std::optional<Ipv4> lapse(Instant now);

  std::optional<Ipv4> of(const ClientKey& client) const;
  const ClientKey* at(Ipv4 address) const;  ///< to whom it is offered
  std::optional<Ipv4> oldest(model::AddressRange range) const { return by_age_.oldest(range); }
  std::vector<Ipv4> addresses() const;
  std::size_t size() const { return by_address_.size(); }
  void cut(std::span<const model::AddressRange> pools);

 private:
  struct Held {
    ClientKey client;
    Ipv4 address;
    Instant until;
  };
  using Queue = std::list<Held>;

  Queue queue_;  // by `until`, as long as every offer is held equally long
  FlatMap<ClientKey, Queue::iterator> by_client_;
  FlatMap<Ipv4, Queue::iterator> by_address_;
  AgeIndex by_age_;
};

}  // namespace slipway::lease
