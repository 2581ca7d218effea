// SPDX-License-Identifier: MPL-2.0
// One packet with everything that is established about it before anything is decided: who asks, from
// where, in which subnets, and what there is to tell about it. Made once per packet, thrown away after.
#pragma once

#include <optional>

#include "dhcp/arrival.h"
#include "dhcp/classes.h"
#include "dhcp/kin.h"
#include "dhcp/relay_agent.h"
#include "dhcp/segment.h"
#include "dhcp/verdict.h"
#include "lease/asker.h"
#include "model/plan.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

struct Inquiry {
  const model::Plan& plan;
  const wire::DhcpMessage& message;
  const Arrival& arrival;
  std::optional<ByteView> relay_option;  ///< option 82, or what is kept of it with the client's lease
  RelayAgent relay;
  Classes classes;
  model::MachineMatch machines;             ///< every entry of the plan that fits; may be none
  bool by_kin = false;                      ///< not by what it says: by what its card said before
  const model::Machine* machine = nullptr;  ///< which of them it is here; null: not in the plan
  Segment segment;                          ///< empty until located
  std::optional<Ipv4> configured_id;        ///< option 54 of the configuration
  lease::ClientKey key;
  Trace trace;  ///< its `client` is who asks

  const model::Client& client() const { return trace.client; }
  const model::Subnet& subnet() const { return *segment.front(); }
  bool authoritative() const { return subnet().authoritative; }
  /// RFC 5107 §5: the relay may want itself named as the server, so that renewals pass by it.
  Ipv4 server_id() const { return relay.server_override.value_or(configured_id.value_or(arrival.local)); }
  /// Option 54 is there and names somebody else.
  bool names_another_server() const;
  bool names_us() const;
};

/// Who asks: the client, its classes, its machine. `kin`: what is known of its card from before. `kept`:
/// option 82 as it stands with the lease of a client that asks past its relay.
Inquiry inquire(const model::Plan& plan, const Kin& kin, const wire::DhcpMessage& message,
                const Arrival& arrival, std::optional<ByteView> kept = {});

/// Where it asks from: fills in `segment` and `key`.
std::optional<Drop> locate(Inquiry& inquiry);

/// Which address a client takes from another server it says aloud (RFC 2131 §3.1, step 3): by it the machine
/// is known when it comes for its files.
void take_its_word(Inquiry& inquiry);

/// As the allocator wants to know it; `spaces` are those of `segment`, one by one.
lease::Asker asker_of(const Inquiry& inquiry);

}  // namespace slipway::dhcp
