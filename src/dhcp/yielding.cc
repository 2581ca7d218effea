// SPDX-License-Identifier: MPL-2.0
#include "dhcp/yielding.h"

#include <algorithm>

namespace slipway::dhcp {
namespace {

using wire::MessageType;
namespace opt = wire::opt;

/// A lease of ours is a promise, whoever else is there: it is renewed. BOOTP names no address.
bool keeps_what_it_has(const Inquiry& inquiry, const lease::Book& book, Instant now) {
  auto is_his = [&](const lease::Lease* lease) {
    return lease && lease->client == inquiry.key && lease->runs(now);
  };
  if (inquiry.trace.asked == MessageType::request) {
    const wire::DhcpMessage& message = inquiry.message;
    return is_his(book.at(message.options.get<opt::RequestedAddress>().value_or(message.ciaddr)));
  }
  auto leases = book.all_of(inquiry.key);
  return !inquiry.trace.asked && std::any_of(leases.begin(), leases.end(), is_his);
}

bool may_give_an_address(const Inquiry& inquiry) {
  auto asked = inquiry.trace.asked;
  bool to_another = asked == MessageType::request && inquiry.names_another_server();
  return !to_another && (!asked || asked == MessageType::discover || asked == MessageType::request);
}

}  // namespace

std::optional<Ignore> yield_to_others(const Inquiry& inquiry, const lease::Book& book, Instant now) {
  const Arrival& arrival = inquiry.arrival;
  if (arrival.company == Company::alone || !inquiry.message.giaddr.is_any()) return std::nullopt;
  const model::Subnet& subnet = inquiry.subnet();
  bool yields = subnet.mode == model::SubnetMode::dhcp && subnet.other_servers == model::OtherServers::yield;
  if (!yields || !may_give_an_address(inquiry) || keeps_what_it_has(inquiry, book, now)) return std::nullopt;
  if (arrival.company == Company::looking) return Ignore{Drop::looking_for_servers, {}};
  return Ignore{Drop::foreign_server, arrival.rival};
}

}  // namespace slipway::dhcp
