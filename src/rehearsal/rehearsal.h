// SPDX-License-Identifier: MPL-2.0
// A server that nobody hears: the real responder over a copy of the leases. Packets go in, what would be
// said comes out, and nothing outside is touched; a claim is granted as the store would grant it, because
// these leases are all it has. It sends no probe and sees no other server. Pure; `now` stands still.
#pragma once

#include <memory>
#include <vector>

#include "dhcp/responder.h"
#include "lease/book.h"
#include "model/plan.h"

namespace slipway::rehearsal {

struct Stage {
  std::shared_ptr<const model::Plan> plan;
  dhcp::Loaders loaders;            ///< that are there to be served
  std::vector<Ipv4> own_addresses;  ///< this machine's: never given out
  std::vector<lease::Lease> leases;
  Instant now;
};

/// One packet and what became of it.
struct Step {
  wire::DhcpMessage sent;
  dhcp::Arrival arrival;
  dhcp::Trace trace;
  dhcp::Settled outcome;        ///< an answer, a reason, or nothing to say
  bool changes_leases = false;  ///< the answer would follow a change that is durable first

  const dhcp::Answer* answer() const { return std::get_if<dhcp::Answer>(&outcome); }
  const dhcp::Ignore* dropped() const { return std::get_if<dhcp::Ignore>(&outcome); }
  /// The type of the answer, where there is one and it is DHCP.
  std::optional<wire::MessageType> said() const;
};

class Rehearsal {
 public:
  explicit Rehearsal(Stage stage);

  /// The message goes through bytes, as on the wire.
  Step play(const wire::DhcpMessage& message, const dhcp::Arrival& arrival);

  const model::Plan& plan() const { return *stage_.plan; }
  const lease::Book& book() const { return book_; }

 private:
  Stage stage_;
  lease::Book book_;
  dhcp::Responder responder_;
};

}  // namespace slipway::rehearsal
