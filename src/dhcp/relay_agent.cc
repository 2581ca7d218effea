// SPDX-License-Identifier: MPL-2.0
#include "dhcp/relay_agent.h"

namespace slipway::dhcp {
namespace {

using CircuitId = wire::Option<1, Bytes>;
using RemoteId = wire::Option<2, Bytes>;
using LinkSelection = wire::Option<5, Ipv4>;
using ServerOverride = wire::Option<11, Ipv4>;

}  // namespace

RelayAgent relay_agent_of(std::optional<ByteView> option) {
  RelayAgent agent;
  if (!option) return agent;
  auto parts = wire::parse_suboptions(*option);
  if (!parts) return agent;
  agent.circuit_id = parts->get<CircuitId>().value_or(Bytes{});
  agent.remote_id = parts->get<RemoteId>().value_or(Bytes{});
  agent.link_selection = parts->get<LinkSelection>();
  agent.server_override = parts->get<ServerOverride>();
  return agent;
}

}  // namespace slipway::dhcp
