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
  event.relay = trace.relay;
  event.link = trace.link;
  event.server = trace.server;
  event.waited = trace.waited;
  return event;
}

Kind kind_of_request(const dhcp::Trace& trace) {
  if (trace.bootp) return Kind::bootp_request;
  if (!trace.asked) return Kind::dhcp_unknown;
  switch (*trace.asked) {
    case wire::MessageType::discover:
      return Kind::dhcp_discover;
    case wire::MessageType::request:
      return Kind::dhcp_request;
    case wire::MessageType::decline:
      return Kind::dhcp_decline;
    case wire::MessageType::release:
      return Kind::dhcp_release;
    case wire::MessageType::inform:
      return Kind::dhcp_inform;
    case wire::MessageType::lease_query:
      return Kind::lease_query;
    default:
      return Kind::dhcp_unknown;
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

std::string reason_of(const dhcp::Ignore& ignore) {
  std::string reason(dhcp::to_string(ignore.why));
  return ignore.detail.empty() ? reason : reason + ": " + ignore.detail;
}

}  // namespace

Event event_of_request(const dhcp::Trace& trace) {
  Event event = about(trace);
  event.kind = kind_of_request(trace);
  if (event.kind == Kind::dhcp_discover) event.address = {};  // what it is offered is the answer's to tell
  event.detail = trace.known_by;
  return event;
}

std::string names_of_options(std::span<const std::uint8_t> codes) {
  std::string names;
  for (std::uint8_t code : codes) {
    if (!names.empty()) names += ", ";
    const wire::OptionInfo* info = wire::find_option(code);
    names += info ? fmt::format("{} ({})", info->name, code) : fmt::format("option {}", code);
  }
  return names;
}

Event event_of_answer(const dhcp::Answer& answer, const dhcp::Trace& trace,
                      std::span<const std::uint8_t> left_out) {
  Event event = about(trace);
  event.kind = kind_of_answer(answer);
  if (!answer.message.yiaddr.is_any()) event.address = answer.message.yiaddr;
  event.name = trace.boot_file;
  event.own_disk = trace.own_disk;
  bool says_why = event.kind == Kind::dhcp_nak || event.kind == Kind::lease_query_answer;
  event.detail = says_why ? trace.reason : trace.boot_file;
  if (!left_out.empty()) {
    std::string note = "these options did not fit: " + names_of_options(left_out);
    event.detail = says_why ? event.detail + "; " + note : note;
  }
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

Event event_of_drop(const dhcp::Ignore& ignore, const dhcp::Trace& trace) {
  Event event = about(trace);
  event.kind = Kind::dhcp_dropped;
  event.name = line_of(kind_of_request(trace));
  event.detail = reason_of(ignore);
  return event;
}

Event event_of_unheard(const dhcp::Ignore& ignore, const std::optional<MacAddress>& sender) {
  Event event;
  event.kind = Kind::dhcp_dropped;
  event.machine = sender;
  event.detail = reason_of(ignore);
  return event;
}

}  // namespace slipway::server
