// SPDX-License-Identifier: MPL-2.0
#include "api/unknown_address.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/quantity.h"

namespace slipway::api {
namespace {

bool is_offered(const model::Subnet& subnet, Ipv4 address) {
  return std::any_of(subnet.pools.begin(), subnet.pools.end(),
                     [&](const model::Pool& pool) { return pool.range.contains(address); });
}

/// " From there came 3 s ago: ..."; empty: nothing did.
std::string newest_from(Ipv4 address, const timeline::Timeline& timeline, Instant now) {
  auto events = timeline.recent(0, SIZE_MAX);
  auto newest = std::find_if(events.rbegin(), events.rend(),
                             [&](const timeline::Event& event) { return event.address == address; });
  if (newest == events.rend()) return "";
  return fmt::format("; {} ago, for it or from there: {}", human_duration(now - newest->at),
                     describe(*newest));
}

std::string remedy_in(const model::Subnet& subnet, Ipv4 address) {
  if (subnet.mode != model::SubnetMode::dhcp)
    return "another server gives addresses there, and a machine is known by its own once it asks this one to "
           "boot: `slipway machine list` shows those that did";
  std::string text = fmt::format(
      "a machine that has it set by hand does not ask, and has no story: reserve it, with mac and address = "
      "\"{}\" in a [[machine]], or let the machine ask by DHCP",
      address.to_string());
  if (is_offered(subnet, address)) text += "; as it is, the address may be given to another machine";
  return text;
}

}  // namespace

Fault unknown_address(Ipv4 address, const model::Plan& plan, const timeline::Timeline& timeline,
                      Instant now) {
  std::string heard = address.is_any() ? "" : newest_from(address, timeline, now);  // nobody's packets yet
  std::string what =
      fmt::format("no machine holds {} and none was seen with it{}", address.to_string(), heard);
  const model::Subnet* subnet = plan.subnet_of(address);
  if (subnet && (address == subnet->network.network || address == subnet->network.last()))
    return {what, fmt::format("it is no machine's: it means the network {} as a whole",
                              subnet->network.to_string())};
  if (!subnet)
    return {what, "it is in no [[subnet]] of this server; `slipway lease list` shows who has what"};
  return {what, remedy_in(*subnet, address)};
}

}  // namespace slipway::api
