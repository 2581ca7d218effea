// SPDX-License-Identifier: MPL-2.0
#include "server/dhcp_events.h"

#include <fmt/format.h>

namespace slipway::server {
namespace {

using timeline::Event;
using timeline::Kind;

Event about(const dhcp::Trace& trace) {
  Event event;
  if (!trace.client.mac.is_zero()) event.machine = trace.client.mac;
  event.address = trace.address;
  event.stage = trace.client.stage;
  event.arch = trace.client.arch;
  return event;
}

Kind kind_of_request(std::optional<wire::MessageType> type) {
  if (!type) return Kind::bootp_request;
  switch (*type) {
    case wire::MessageType::discover:
      return Kind::dhcp_discover;
    case wire::MessageType::decline:
      return Kind::dhcp_decline;
    case wire::MessageType::release:
      return Kind::dhcp_release;
    case wire::MessageType::inform:
      return Kind::dhcp_inform;
    case wire::MessageType::lease_query:
      return Kind::lease_query;
    default:
      return Kind::dhcp_request;
  }
}

Kind kind_of_answer(const dhcp::Answer& answer) {
  auto type = answer.message.options.get<wire::opt::MessageType>();
  if (!type) return Kind::bootp_reply;
  bool proxy = answer.message.yiaddr.is_any() && answer.message.ciaddr.is_any();
  if (*type > wire::MessageType::lease_query) return Kind::lease_query_answer;
  if (answer.from_port == wire::proxy_dhcp_port) return Kind::proxy_ack;
  if (*type == wire::MessageType::offer) return proxy ? Kind::proxy_offer : Kind::dhcp_offer;
  return *type == wire::MessageType::nak ? Kind::dhcp_nak : Kind::dhcp_ack;
}

}  // namespace

Event event_of_request(const dhcp::Trace& trace) {
  Event event = about(trace);
  event.kind = kind_of_request(trace.asked);
  if (event.kind == Kind::dhcp_discover) event.address = {};  // what it is offered is the answer's to tell
  event.detail = trace.known_by;
  return event;
}

Event event_of_answer(const dhcp::Answer& answer, const dhcp::Trace& trace) {
  Event event = about(trace);
  event.kind = kind_of_answer(answer);
  if (!answer.message.yiaddr.is_any()) event.address = answer.message.yiaddr;
  event.name = trace.boot_file;
  bool says_why = event.kind == Kind::dhcp_nak || event.kind == Kind::lease_query_answer;
  event.detail = says_why ? trace.reason : trace.boot_file;
  return event;
}

Event event_of_conflict(const dhcp::Pending& held, const std::optional<MacAddress>& found) {
  Event event = about(held.trace);
  event.kind = Kind::address_in_use;
  event.address = held.offer.probe->address;
  event.detail = found ? fmt::format("{} answered ARP for it", found->to_string()) : "it answered a ping";
  event.detail += "; the address is in quarantine and another one is offered";
  return event;
}

Event event_of_drop(const dhcp::Ignore& ignore, const dhcp::Trace* trace) {
  Event event = trace ? about(*trace) : Event{};
  event.kind = Kind::dhcp_dropped;
  event.detail = dhcp::to_string(ignore.why);
  if (!ignore.detail.empty()) event.detail += ": " + ignore.detail;
  return event;
}

}  // namespace slipway::server
