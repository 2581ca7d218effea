// SPDX-License-Identifier: MPL-2.0
#include "dhcp/inquiry.h"

#include "base/printable.h"
#include "boot/decide.h"
#include "dhcp/configured.h"
#include "dhcp/identify.h"

namespace slipway::dhcp {
namespace {

lease::Space space_of(const model::Subnet& subnet, const Inquiry& inquiry) {
  lease::Space space;
  space.network = subnet.network;
  space.lease_time = subnet.lease_time;
  for (const model::Pool& pool : subnet.pools) {
    if (is_open(pool, inquiry.classes)) space.ranges.push_back(pool.range);
  }
  const model::Machine* machine = inquiry.machine;
  if (machine && machine->address && subnet.network.contains(*machine->address)) {
    space.reserved = machine->address;
  }
  return space;
}

}  // namespace

bool Inquiry::names_us() const {
  auto named = message.options.get<wire::opt::ServerId>();
  return named && (*named == server_id() || *named == arrival.local);
}

bool Inquiry::names_another_server() const {
  return message.options.has(wire::opt::ServerId::code) && !names_us();
}

Inquiry inquire(const model::Plan& plan, const wire::DhcpMessage& message, const Arrival& arrival) {
  Inquiry inquiry{.plan = plan,
                  .message = message,
                  .arrival = arrival,
                  .relay = relay_agent_of(message),
                  .classes = {},
                  .machine = nullptr,
                  .segment = {},
                  .configured_id = {},
                  .key = {},
                  .trace = {}};
  Identity identity = identify(message);
  inquiry.trace.asked = message.options.get<wire::opt::MessageType>();
  inquiry.trace.client = std::move(identity.client);
  inquiry.trace.known_by = identity.known_by;
  inquiry.machine = boot::machine_of(plan, inquiry.client());
  inquiry.classes =
      Classes(plan, {message, inquiry.client(), inquiry.relay, arrival.interface, inquiry.machine});
  return inquiry;
}

std::optional<Drop> locate(Inquiry& inquiry) {
  auto segment = segment_of(
      inquiry.plan, {inquiry.message, inquiry.arrival, inquiry.relay, inquiry.classes, inquiry.machine});
  if (!segment) return segment.error();
  inquiry.segment = std::move(*segment);
  if (const Bytes* id = nearest_value(inquiry, inquiry.subnet(), wire::opt::ServerId::code)) {
    inquiry.configured_id = wire::OptionCodec<Ipv4>::decode(*id);
  }
  inquiry.trace.subnet = inquiry.subnet().network;
  auto key = client_key(inquiry.message, inquiry.subnet().identify);
  if (!key) return Drop::bad_mac;
  inquiry.key = std::move(*key);
  return std::nullopt;
}

lease::Asker asker_of(const Inquiry& inquiry) {
  const wire::Options& options = inquiry.message.options;
  lease::Asker asker;
  asker.client = inquiry.key;
  asker.mac = inquiry.client().mac;
  asker.client_id = options.get<wire::opt::ClientId>().value_or(Bytes{});
  asker.hostname = printable(options.get<wire::opt::HostName>().value_or(std::string{}));
  asker.requested = options.get<wire::opt::RequestedAddress>();
  for (const model::Subnet* subnet : inquiry.segment) asker.spaces.push_back(space_of(*subnet, inquiry));
  return asker;
}

}  // namespace slipway::dhcp
