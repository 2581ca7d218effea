// SPDX-License-Identifier: MPL-2.0
#include "server/foreign_watch.h"

#include <algorithm>

#include "dhcp/server_question.h"
#include "wire/udp_in_ipv4.h"

namespace slipway::server {
namespace {

using What = dhcp::ServerNews::What;

constexpr MacAddress everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

bool lies_on(const model::Subnet& subnet, const net::Interface& interface) {
  if (!subnet.interface.empty()) return subnet.interface == interface.name;
  return std::any_of(interface.ipv4.begin(), interface.ipv4.end(),
                     [&](const auto& at) { return subnet.network.contains(at.address); });
}

/// Some subnet there gives addresses, and only where no other server does.
bool yields(const model::Plan& plan, const net::Interface& interface) {
  return std::any_of(plan.subnets().begin(), plan.subnets().end(), [&](const model::Subnet& subnet) {
    return subnet.mode == model::SubnetMode::dhcp && subnet.other_servers == model::OtherServers::yield &&
           lies_on(subnet, interface);
  });
}

}  // namespace

ForeignWatch::ForeignWatch(Parts parts)
    : parts_(std::move(parts)),
      tap_(wire::dhcp_client_port),
      known_(parts_.metrics.gauge("slipway_foreign_servers", {},
                                  "Other DHCP servers that answer on the links served")),
      timer_(parts_.reactor, [this] { look(); }),
      watch_(parts_.reactor, tap_.fd(), [this] { hear(); }) {}

/// A link without a carrier is nobody's yet: it is looked at when it comes.
void ForeignWatch::serve(const model::Plan& plan) {
  std::vector<dhcp::ForeignServers::Link> links;
  for (const std::string& name : plan.server().interfaces) {
    const net::Interface* interface = net::find_interface(parts_.interfaces, name);
    if (!interface || interface->mac.is_zero() || interface->ipv4.empty()) continue;
    // A cable that is out for a moment changes nothing about who serves there.
    if (!interface->running && !servers_.knows(name)) continue;
    links.push_back({name, yields(plan, *interface)});
  }
  servers_.serve(links, parts_.reactor.now().tick);
  after_change();
}

void ForeignWatch::look_again() {
  servers_.look_again(parts_.reactor.now().tick);
  after_change();
}

bool ForeignWatch::is_ours(const wire::DhcpMessage& message, const std::string& interface) const {
  if (message.giaddr.is_any()) return false;
  const net::Interface* link = net::find_interface(parts_.interfaces, interface);
  return link && dhcp::is_server_question(message, link->mac);
}

void ForeignWatch::hear() {
  for (const net::TappedPacket& packet : tap_.receive()) {
    const net::Interface* link = net::find_interface(parts_.interfaces, packet.interface);
    auto datagram = wire::read_udp_in_ipv4(packet.bytes).datagram;
    if (!link || !datagram) continue;
    auto message = wire::parse_dhcp(datagram->payload);
    if (!message) continue;
    auto sighting = dhcp::sighting_of(*message, datagram->from.address, packet.from);
    if (!sighting || is_own(*sighting)) continue;
    if (auto news = servers_.heard(link->name, *sighting, parts_.reactor.now())) tell(*news);
  }
  after_change();
}

/// Our own answers, by the server id or the card they came from: another interface of ours may be on the
/// link.
bool ForeignWatch::is_own(const dhcp::Sighting& sighting) const {
  const auto& all = parts_.interfaces;
  bool ours_sent_it = std::any_of(all.begin(), all.end(), [&](const net::Interface& ours) {
    return !ours.mac.is_zero() && ours.mac == sighting.station;
  });
  return ours_sent_it || net::is_own_address(all, sighting.server);
}

void ForeignWatch::look() {
  auto due = servers_.due(parts_.reactor.now().tick);
  for (const std::string& name : due.ask) ask(name);
  for (const dhcp::ServerNews& news : due.news) tell(news);
  after_change();
}

void ForeignWatch::ask(const std::string& name) {
  const net::Interface* link = net::find_interface(parts_.interfaces, name);
  if (!link || link->ipv4.empty()) return;
  auto xid = static_cast<std::uint32_t>(random_.next());
  Ipv4 own = link->ipv4.front().address;
  // First what is answered at once: dnsmasq is deaf while it pings the address that it will offer.
  broadcast(*link, own, dhcp::server_inform(link->mac, own, xid));
  broadcast(*link, Ipv4::any(), dhcp::server_discover(link->mac, xid + 1));
}

void ForeignWatch::broadcast(const net::Interface& interface, Ipv4 from, const wire::DhcpMessage& message) {
  Bytes payload = wire::serialize(message).bytes;
  net::RawDatagram frame;
  frame.interface = interface.index;
  frame.interface_mac = interface.mac;
  frame.to_mac = everybody;
  frame.from = {from, wire::dhcp_client_port};
  frame.to = {Ipv4::broadcast(), wire::dhcp_server_port};
  frame.bytes = payload;
  if (raw_.send_batch({&frame, 1}) == 0) {
    parts_.log->debug("cannot ask for other servers on {}: {}", interface.name, raw_.take_error().message());
  }
}

void ForeignWatch::tell(const dhcp::ServerNews& news) {
  std::string words = dhcp::sentence(news);
  switch (news.what) {
    case What::yielded_to:
    case What::appeared:
      parts_.log->error("{}", words);
      break;
    case What::noticed:
    case What::gone:
      parts_.log->warn("{}", words);
      break;
    case What::none_found:
      parts_.log->info("{}", words);
      return;
  }
  timeline::Event event;
  event.kind = news.what == What::gone ? timeline::Kind::foreign_server_gone : timeline::Kind::foreign_server;
  event.server = news.server.address;
  if (auto* link = net::find_interface(parts_.interfaces, news.server.interface)) event.link = link->index;
  event.detail = std::move(words);
  parts_.record(std::move(event));
}

void ForeignWatch::after_change() {
  known_.set(servers_.standing().size());
  if (auto next = servers_.next()) {
    timer_.at(*next);
  } else {
    timer_.cancel();
  }
  parts_.settled();
}

}  // namespace slipway::server
