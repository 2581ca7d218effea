// SPDX-License-Identifier: MPL-2.0
#include "dhcp/probe_choice.h"

namespace slipway::dhcp {
namespace {

using lease::Source;

/// RFC 3011: a client may ask from one link for an address of another.
bool is_on_our_link(const Inquiry& inquiry) {
  return inquiry.message.giaddr.is_any() && !inquiry.message.options.has(wire::opt::SubnetSelection::code);
}

}  // namespace

std::optional<Probe> choose_probe(const Inquiry& inquiry, const model::Subnet& subnet,
                                  const lease::Offer& offer) {
  if (!subnet.probe) return std::nullopt;
  Probe probe;
  probe.address = offer.address;
  probe.client = inquiry.key;
  probe.subnet = subnet.network;
  probe.interface = inquiry.arrival.index;
  probe.way = is_on_our_link(inquiry) ? Probe::Way::arp : Probe::Way::echo;
  switch (offer.source) {
    case Source::fresh:
    case Source::reused:
    case Source::offered_to_another:  // nobody has said yes to it, and the wire perhaps not yet no
      return probe;
    case Source::wish:
      // A client that still runs with the address it wishes for would answer, and an echo does not say who.
      if (probe.way == Probe::Way::echo) return std::nullopt;
      return probe;
    case Source::offered_before:
      probe.only_joins = true;
      return probe;
    case Source::reservation:
    case Source::current:
    case Source::former:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace slipway::dhcp
