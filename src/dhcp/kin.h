// SPDX-License-Identifier: MPL-2.0
// Which machine a network card belongs to, where the plan knows the machine by its UUID or client id: its ROM
// says them, its operating system often says neither, and both shall have one address and one name. Learned
// from what the card said before. After a restart, who holds the address of such a machine is taken for its
// operating system, and for nothing that boots: it would be given that machine's image.
// Bounded by the machines of the plan. Values; thread: control. Never fails.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/flat_map.h"
#include "lease/book.h"
#include "model/plan.h"

namespace slipway::dhcp {

class Kin {
 public:
  /// `said`: what a client said of itself when it was known for this machine.
  void learn(const model::Machine& machine, const model::Client& said);
  /// From the leases at the addresses of machines of which no card was heard yet.
  void learn_from(const lease::Book& book, const model::Plan& plan, Instant now);

  /// The entries of the plan for a client that fits none by itself; empty: nothing is known of its card, or
  /// it says itself that it is another.
  model::MachineMatch match(const model::Plan& plan, const model::Client& client) const;

 private:
  static constexpr std::size_t cards_per_machine = 4;
  struct Card {
    std::string machine;
    model::Client said;
    bool assumed = false;  ///< from a lease
  };
  void keep(const MacAddress& mac, Card card);

  FlatMap<MacAddress, Card> cards_;
  std::unordered_map<std::string, std::vector<MacAddress>> of_machine_;  // newest last
};

}  // namespace slipway::dhcp
