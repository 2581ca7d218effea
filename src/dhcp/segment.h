// SPDX-License-Identifier: MPL-2.0
// Which subnets a client can be in: one, or the members of a shared network in the order they are tried.
// Told by what the relay says, by the interface, or by the address a client already uses. Pure; the
// subnets are the plan's and live as long as it does.
#pragma once

#include <vector>

#include "base/result.h"
#include "dhcp/arrival.h"
#include "dhcp/classes.h"
#include "dhcp/drop.h"
#include "dhcp/relay_agent.h"
#include "model/plan.h"

namespace slipway::dhcp {

/// Never empty; all of the same mode, which is not `off`.
using Segment = std::vector<const model::Subnet*>;

struct Whereabouts {
  const wire::DhcpMessage& message;
  const Arrival& arrival;
  const RelayAgent& relay;
  const Classes& classes;
  const model::MachineMatch& machines;  ///< may be empty: not in the plan
};

struct Placement {
  Segment segment;
  std::string_view told_by;  ///< what of the packet told it: "the relay's address (giaddr)"; a literal
};

Result<Placement, Drop> segment_of(const model::Plan& plan, const Whereabouts& where);

/// A pool of this subnet that the client may use.
bool is_open(const model::Pool& pool, const wire::DhcpMessage& message, const Classes& classes);

/// The member that `address` lies in; null: none.
const model::Subnet* subnet_in(const Segment& segment, Ipv4 address);

}  // namespace slipway::dhcp

namespace boost::system {
[[noreturn]] inline void throw_exception_from_error(const slipway::dhcp::Drop& why,
                                                    const boost::source_location&) {
  throw slipway::StartupError(std::string(slipway::dhcp::sentence(why)));
}
}  // namespace boost::system
