// SPDX-License-Identifier: MPL-2.0
#include "server/prober.h"

#include <fmt/format.h>

#include "net/abilities.h"

namespace slipway::server {
namespace {

constexpr std::string_view ended = "slipway_dhcp_probes_total";
constexpr std::string_view ended_help = "Addresses asked for on the wire before they were offered";

/// Which address of ours asks. One of the same network where there is one: an ARP Probe from 0.0.0.0, as
/// RFC 5227 §1.1 has it for hosts that want the address themselves, looks like a rival to a machine that
/// probes the same address at that moment (§2.1.1), and Windows then gives its address up (Cisco document
/// 116529). Ours is in every cache already, so nothing is polluted. Without one there, 0.0.0.0 is the only
/// sender that a host with a reverse path filter answers.
Ipv4 sender_of(const net::Interface& interface, Ipv4 wanted) {
  for (const net::InterfaceAddress& ours : interface.ipv4) {
    if (ours.prefix.contains(wanted)) return ours.address;
  }
  return Ipv4::any();
}

/// Without frames a ping asks on our own link, too. False where that would be wrong: an echo does not say who
/// sent it, and a client may still run with the address it wishes for.
bool use_what_there_is(dhcp::Pending& pending) {
  dhcp::Probe& probe = *pending.offer.probe;
  if (net::has_frames() || probe.way == dhcp::Probe::Way::echo) return true;
  probe.way = dhcp::Probe::Way::echo;
  return pending.packet.message.options.get<wire::opt::RequestedAddress>() != probe.address;
}

}  // namespace

Prober::Prober(Parts parts)
    : parts_(std::move(parts)),
      echo_(random_),
      silent_(parts_.metrics.counter(ended, "result=\"silent\"", ended_help)),
      in_use_(parts_.metrics.counter(ended, "result=\"in_use\"", ended_help)),
      disbelieved_(parts_.metrics.counter(ended, "result=\"disbelieved\"", ended_help)),
      under_way_(parts_.metrics.gauge("slipway_dhcp_probes_under_way", {}, "OFFERs that wait for the wire")),
      timer_(parts_.reactor, [this] { look(); }),
      arp_watch_(parts_.reactor, arp_.fd(), [this] { hear_arp(); }),
      echo_watch_(parts_.reactor, echo_.fd(), [this] { hear_echoes(); }) {
  for (std::size_t i = 0; i < dhcp::unasked_count; ++i) {
    auto why = dhcp::to_string(static_cast<dhcp::Unasked>(i));
    unasked_[i] = &parts_.metrics.counter("slipway_dhcp_unprobed_total", fmt::format("reason=\"{}\"", why),
                                          "New addresses offered without asking the wire, by reason");
  }
}

void Prober::offer(dhcp::Pending pending) {
  Tick now = parts_.reactor.now().tick;
  bool may_ask = use_what_there_is(pending);
  const dhcp::Probe probe = *pending.offer.probe;
  auto objection = may_ask ? probes_.objection(pending, now) : std::optional(dhcp::Unasked::cannot_ask);
  if (!objection && !probes_.is_under_way(probe.address) && !ask(probe))
    objection = dhcp::Unasked::cannot_ask;
  if (objection) {
    unasked_[static_cast<std::size_t>(*objection)]->add();
    return parts_.say(std::move(pending));
  }
  if (auto older = probes_.hold(std::move(pending), now)) parts_.superseded(std::move(*older));
  set_timer();
}

bool Prober::ask(const dhcp::Probe& probe) {
  boost::system::error_code error;
  if (probe.way == dhcp::Probe::Way::echo) {
    error = echo_.ask(probe.address);
  } else {
    const net::Interface* link = net::find_interface(parts_.interfaces, probe.interface);
    if (!link || link->mac.is_zero()) return false;  // nobody has a hardware address there
    error = arp_.ask({link->index, link->mac, sender_of(*link, probe.address), probe.address});
  }
  if (error) parts_.log->debug("cannot ask for {}: {}", probe.address.to_string(), error.message());
  return !error;
}

void Prober::hear_arp() {
  for (const net::ArpReply& reply : arp_.receive()) heard(reply.address, reply.interface, reply.mac);
  parts_.done();
}

void Prober::hear_echoes() {
  for (Ipv4 address : echo_.receive()) heard(address, 0, std::nullopt);
  parts_.done();
}

void Prober::heard(Ipv4 address, unsigned interface, std::optional<MacAddress> by) {
  auto answered = probes_.answered(address, interface, by, parts_.reactor.now().tick);
  if (answered.what == dhcp::Probes::Heard::disbelieved) {
    disbelieved_.add();
    parts_.log->warn(
        "{} answers for {} and for every address before it: proxy ARP, a firewall, or a mistake. It is not "
        "believed; probe = false in the [[subnet]] ends the questions",
        by ? by->to_string() : "somebody behind the relay", address.to_string());
  }
  if (answered.what != dhcp::Probes::Heard::in_use) return;
  in_use_.add();
  set_timer();
  parts_.in_use(std::move(*answered.pending), by);
}

void Prober::look() {
  dhcp::Probes::Due due = probes_.due(parts_.reactor.now().tick);
  for (const dhcp::Probe& probe : due.ask_again) ask(probe);
  set_timer();
  for (dhcp::Pending& pending : due.silent) {
    silent_.add();
    parts_.say(std::move(pending));
  }
  parts_.done();
}

void Prober::set_timer() {
  under_way_.set(probes_.under_way());
  if (auto next = probes_.next()) {
    timer_.at(*next);
  } else {
    timer_.cancel();
  }
}

}  // namespace slipway::server
