// SPDX-License-Identifier: MPL-2.0
// Whose an address is. What a packet says of itself proves nothing: an address is a machine's because the
// file reserves it, or because we gave it. Where another server gives the addresses there is the machine's
// word and nothing else. Each transfer loop has its own; what DHCP learned is shared. Nothing fails.
#pragma once

#include <memory>
#include <optional>

#include "model/plan.h"
#include "server/known_clients.h"

namespace slipway::server {

class AddressOwners {
 public:
  explicit AddressOwners(const KnownClients& clients) : clients_(clients) {}

  void publish(std::shared_ptr<const model::Plan> plan) { plan_ = std::move(plan); }

  /// What is this machine's alone may go there.
  bool is_of(const model::Client& client, Ipv4 address) const;
  /// What is asked for there belongs to the boot of this machine. Besides `is_of`: nobody is known to have
  /// this address, and the machine, which was heard, is not known to have another: what another server gave
  /// it need not have been heard. Where another one gives the addresses, to be named in the file is enough.
  bool speaks_for(const model::Client& client, Ipv4 address) const;
  /// Somebody who boots many machines, pixiecore, may ask for this one from there.
  bool may_ask_for(const model::Client& client, Ipv4 address) const;
  /// Nothing: nobody's, or of a machine whose MAC address is not known.
  std::optional<MacAddress> owner_of(Ipv4 address) const;

 private:
  bool given_by_another(Ipv4 address) const;
  bool is_nobodys(Ipv4 address) const;
  bool is_known(const model::Client& client) const;
  std::optional<model::Client> who_says_so(Ipv4 address) const;

  const KnownClients& clients_;
  std::shared_ptr<const model::Plan> plan_;
};

}  // namespace slipway::server
