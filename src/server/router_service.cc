// SPDX-License-Identifier: MPL-2.0
#include "server/router_service.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::server {
namespace {

/// Packets taken from one socket before others get their turn.
constexpr int packets_per_turn = 64;

}  // namespace

RouterService::Link::Link(RouterService& service, const net::Interface& interface)
    : name(interface.name),
      index(interface.index),
      address(*interface.link_local),
      socket(name, index),
      no_router(service.random_, service.parts_.reactor.now().tick),
      watch(service.parts_.reactor, socket.fd(), [this, &service] { service.receive(*this); }),
      timer(service.parts_.reactor, [this, &service] { service.send_due(*this); }) {}

RouterService::RouterService(Parts parts, std::shared_ptr<const model::Plan> plan,
                             const std::vector<net::Interface>& interfaces)
    : parts_(std::move(parts)),
      plan_(std::move(plan)),
      sent_(parts_.metrics.counter("slipway_router_answers_sent_total", {},
                                   "Router advertisements sent that say there is no IPv6 router")),
      send_failures_(parts_.metrics.counter("slipway_router_send_failures_total", {},
                                            "Router messages the kernel did not take")) {
  for (ndp::Outcome outcome : ndp::all_outcomes()) {
    outcomes_[static_cast<std::size_t>(outcome)] = &parts_.metrics.counter(
        "slipway_router_packets_total", fmt::format("outcome=\"{}\"", ndp::to_string(outcome)),
        "Router solicitations and advertisements of IPv6 received, by what came of them");
  }
  use(interfaces);
}

void RouterService::publish(std::shared_ptr<const model::Plan> plan,
                            const std::vector<net::Interface>& interfaces) {
  plan_ = std::move(plan);
  use(interfaces);
}

bool RouterService::wants(const net::Interface& interface) const {
  const auto& served = plan_->server().interfaces;
  if (std::find(served.begin(), served.end(), interface.name) == served.end()) return false;
  std::vector<Ipv4> addresses;
  for (const net::InterfaceAddress& at : interface.ipv4) addresses.push_back(at.address);
  return plan_->silences_routers_on(interface.name, addresses) != nullptr;
}

/// An interface made anew, or with another address, is another link: a router may be on it.
void RouterService::use(const std::vector<net::Interface>& interfaces) {
  std::erase_if(links_, [&](const auto& link) {
    const net::Interface* interface = net::find_interface(interfaces, link->index);
    return !interface || interface->name != link->name || interface->link_local != link->address ||
           !wants(*interface);
  });
  for (const net::Interface& interface : interfaces) {
    bool is_open = std::any_of(links_.begin(), links_.end(),
                               [&](const auto& link) { return link->index == interface.index; });
    if (!is_open && wants(interface)) open(interface);
  }
}

void RouterService::open(const net::Interface& interface) {
  if (!interface.link_local) {
    parts_.log->warn("{} has no IPv6 link-local address: nobody there is told that there is no IPv6 router",
                     interface.name);
    return;
  }
  try {
    links_.push_back(std::make_unique<Link>(*this, interface));
    send_due(*links_.back());
  } catch (const StartupError& error) {
    parts_.log->error("{}", error.what());
  }
}

void RouterService::receive(Link& link) {
  for (int taken = 0; taken < packets_per_turn; ++taken) {
    auto packet = link.socket.receive();
    if (!packet) break;
    take(link, *packet);
  }
  send_due(link);
}

void RouterService::take(Link& link, const net::Icmp6Packet& packet) {
  auto before = link.no_router.router();
  auto heard =
      link.no_router.hear(packet.bytes, {packet.source, packet.hop_limit}, parts_.reactor.now().tick);
  outcomes_[static_cast<std::size_t>(heard.outcome)]->add();
  if (link.no_router.router() && !before) {
    parts_.log->info("{} advertises itself as an IPv6 router on {}: who asks for one is left to it",
                     packet.source.to_string(), link.name);
  }
  if (!heard.machine) return;
  timeline::Event event;
  event.kind = timeline::Kind::router_solicited;
  event.machine = heard.machine;
  event.detail = ndp::sentence(heard.outcome);
  parts_.record(std::move(event));
}

void RouterService::send_due(Link& link) {
  for (const ndp::ToSend& due : link.no_router.due(parts_.reactor.now().tick)) {
    bool asks = due.what == ndp::ToSend::What::solicitation;
    Bytes bytes = asks ? serialize(wire::RouterSolicitation{}) : serialize(wire::RouterAdvertisement{});
    Ipv6 to = due.to.value_or(asks ? net::all_routers : net::all_nodes);
    if (auto error = link.socket.send(bytes, link.address, to)) {
      send_failures_.add();
      parts_.log->debug("cannot send to {} on {}: {}", to.to_string(), link.name, error.message());
    } else if (!asks) {
      sent_.add();
    }
  }
  link.timer.at(link.no_router.next());
}

}  // namespace slipway::server
