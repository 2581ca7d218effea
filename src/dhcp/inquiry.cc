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
  space.hashed = subnet.allocate == model::Allocation::hashed;
  space.for_ever = inquiry.message.is_bootp();
  for (const model::Pool& pool : subnet.pools) {
    if (is_open(pool, inquiry.message, inquiry.classes)) space.ranges.push_back(pool.range);
  }
  if (const model::Machine* machine = inquiry.machines.in(subnet.network)) space.reserved = machine->address;
  return space;
}

/// What machines can be known by besides MAC address and UUID, where any is.
void note_identifiers(Inquiry& inquiry) {
  model::Client& client = inquiry.trace.client;
  const model::MachineIndex& index = inquiry.plan.machine_index();
  if (index.knows_client_ids()) {
    if (auto id = inquiry.message.options.raw(wire::opt::ClientId::code))
      client.client_id.assign(id->begin(), id->end());
  }
  if (!index.knows_ports()) return;
  client.relay_circuit = inquiry.relay.circuit_id;
  client.relay_remote = inquiry.relay.remote_id;
}

/// Of several entries for one machine the one whose address lies where it is.
const model::Machine* machine_in(const Inquiry& inquiry) {
  for (const model::Subnet* subnet : inquiry.segment) {
    if (const model::Machine* here = inquiry.machines.in(subnet->network)) return here;
  }
  return inquiry.machines.first();
}

}  // namespace

bool Inquiry::names_us() const {
  auto named = message.options.get<wire::opt::ServerId>();
  return named && (*named == server_id() || *named == arrival.local);
}

bool Inquiry::names_another_server() const {
  return message.options.has(wire::opt::ServerId::code) && !names_us();
}

Inquiry inquire(const model::Plan& plan, const Kin& kin, const wire::DhcpMessage& message,
                const Arrival& arrival, std::optional<ByteView> kept) {
  auto sent = message.options.raw(wire::opt::RelayAgent::code);
  auto relay_option = sent ? sent : kept;
  Inquiry inquiry{.plan = plan,
                  .message = message,
                  .arrival = arrival,
                  .relay_option = relay_option,
                  .relay = relay_agent_of(relay_option),
                  .classes = {},
                  .machines = {},
                  .by_kin = false,
                  .machine = nullptr,
                  .segment = {},
                  .configured_id = {},
                  .key = {},
                  .trace = {}};
  Identity identity = identify(message);
  inquiry.trace.asked = message.options.get<wire::opt::MessageType>();
  inquiry.trace.bootp = message.is_bootp();
  inquiry.trace.relay = message.giaddr;
  inquiry.trace.link = message.giaddr.is_any() ? arrival.index : 0;
  inquiry.trace.server = message.options.get<wire::opt::ServerId>().value_or(Ipv4::any());
  inquiry.trace.waited = message.secs;
  inquiry.trace.client = std::move(identity.client);
  inquiry.trace.known_by = identity.known_by;
  note_identifiers(inquiry);
  inquiry.machines = plan.match(inquiry.client());
  if (inquiry.machines.empty()) {
    inquiry.machines = kin.match(plan, inquiry.client());
    inquiry.by_kin = !inquiry.machines.empty();
  }
  inquiry.machine = inquiry.machines.first();
  inquiry.classes =
      Classes(plan, {message, inquiry.client(), inquiry.relay, arrival.interface, inquiry.machine});
  return inquiry;
}

void take_its_word(Inquiry& inquiry) {
  Ipv4 address = inquiry.message.ciaddr;
  if (address.is_any() && inquiry.trace.asked == wire::MessageType::request)
    address = inquiry.message.options.get<wire::opt::RequestedAddress>().value_or(address);
  inquiry.trace.address = address;
  inquiry.trace.client.address = address;
}

std::optional<Drop> locate(Inquiry& inquiry) {
  auto placed = segment_of(
      inquiry.plan, {inquiry.message, inquiry.arrival, inquiry.relay, inquiry.classes, inquiry.machines});
  if (!placed) {
    if (placed.error() == Drop::subnet_off) take_its_word(inquiry);
    return placed.error();
  }
  inquiry.segment = std::move(placed->segment);
  inquiry.trace.placed_by = placed->told_by;
  inquiry.machine = machine_in(inquiry);
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
  if (auto relay = inquiry.relay_option) asker.relay.assign(relay->begin(), relay->end());
  asker.hostname = printable(options.get<wire::opt::HostName>().value_or(std::string{}));
  asker.requested = options.get<wire::opt::RequestedAddress>();
  for (const model::Subnet* subnet : inquiry.segment) asker.spaces.push_back(space_of(*subnet, inquiry));
  return asker;
}

}  // namespace slipway::dhcp
