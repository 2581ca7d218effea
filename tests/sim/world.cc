// SPDX-License-Identifier: MPL-2.0
#include "sim/world.h"

#include <cstdlib>

namespace slipway::sim {
namespace {

constexpr Ipv4 server_address{0x0a000002}, local_network{0x0a000000};  // 10.0.0.2, 10.0.0.0/16
constexpr Ipv4 relay_address{0x0a010001}, far_network{0x0a010000};     // 10.1.0.1, 10.1.0.0/16
constexpr std::uint32_t first_host = 256;
constexpr unsigned interface_index = 3;

model::Subnet subnet(Ipv4 network, std::string interface, std::size_t addresses) {
  model::Subnet made;
  made.network = {network, 16};
  made.interface = std::move(interface);
  Ipv4 first{network.value + first_host};
  made.pools = {{{first, {first.value + static_cast<std::uint32_t>(addresses) - 1}}, {}, {}}};
  made.lease_time = std::chrono::seconds{60};
  made.bootp = made.rapid_commit = true;
  return made;
}

std::shared_ptr<const model::Plan> plan_for(const Scenario& scenario) {
  model::Draft draft;
  draft.server.interfaces = {"eth1", "eth2"};
  draft.subnets = {subnet(local_network, "eth1", scenario.addresses),
                   subnet(far_network, "eth2", scenario.addresses)};
  auto plan = model::Plan::build(std::move(draft), {});
  if (!plan) std::abort();
  return *plan;
}

MacAddress mac_of(std::size_t number) {
  return {{0x52, 0x54, 0, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

/// Every second client is behind the relay.
bool is_relayed(const MacAddress& mac) {
  return mac.bytes[5] % 2 == 1;
}

/// What the wire does with an answer: a frame or a broadcast of the server's does not cross the relay, and
/// nobody answers ARP for an address that is not its own.
bool reaches(const dhcp::Destination& to, const SimClient& client) {
  if (auto* unicast = std::get_if<dhcp::Unicast>(&to)) return client.answers_to(unicast->address);
  if (std::holds_alternative<dhcp::ToRelay>(to)) return is_relayed(client.mac());
  return !is_relayed(client.mac());
}

}  // namespace

World::World(const Scenario& scenario, std::uint64_t seed)
    : scenario_(scenario),
      random_(seed),
      network_(scheduler_, random_, scenario.weather),
      rows_(std::make_shared<store::MemoryStore::Rows>()),
      laws_(scheduler_, rows_),
      server_(
          scheduler_, random_, laws_, scenario.troubles, plan_for(scenario), server_address, rows_,
          [this](const dhcp::Answer& answer) { from_server(answer); },
          [this](const dhcp::Probe& probe) { asked(probe); }) {
  settle_squatters();
  for (std::size_t number = 0; number < scenario.clients; ++number) add_client(number);
}

void World::add_client(std::size_t number) {
  auto send = [this](const wire::DhcpMessage& message, std::optional<Ipv4> to) { from_client(message, to); };
  clients_.emplace_back(scheduler_, random_, laws_, mac_of(number), send);
  by_mac_[mac_of(number)] = &clients_.back();
}

void World::from_client(wire::DhcpMessage message, std::optional<Ipv4> to) {
  dhcp::Arrival arrival;
  arrival.interface = "eth1";
  arrival.index = interface_index;
  arrival.local = server_address;
  arrival.sent_to = to.value_or(Ipv4::broadcast());
  arrival.source = {message.ciaddr, wire::dhcp_client_port};
  if (!to && is_relayed(message.mac().value())) {
    message.giaddr = relay_address;
    message.hops = 1;
    arrival.sent_to = server_address;
    arrival.source = {relay_address, wire::dhcp_server_port};
  }
  network_.send(wire::serialize(message).bytes,
                [this, arrival](const Bytes& packet) { server_.receive(packet, arrival); });
}

void World::from_server(const dhcp::Answer& answer) {
  auto arrives = [this, to = answer.to](const Bytes& packet) {
    auto message = wire::parse_dhcp(packet);
    if (!message) return;
    auto client = by_mac_.find(message->mac().value_or(MacAddress{}));
    if (client != by_mac_.end() && reaches(to, *client->second)) client->second->receive(*message);
  };
  network_.send(wire::serialize(answer.message, answer.max_size).bytes, arrives);
}

/// One address in so many, in both subnets.
void World::settle_squatters() {
  if (scenario_.squatters == 0) return;
  for (Ipv4 network : {local_network, far_network}) {
    for (std::uint32_t i = 0; i < scenario_.addresses; i += scenario_.squatters) {
      laws_.squats({network.value + first_host + i});
    }
  }
}

/// Question and answer cross the same wire as everything else.
void World::asked(const dhcp::Probe& probe) {
  network_.send({}, [this, probe](const Bytes&) {
    auto station = laws_.station_at(probe.address);
    if (station) network_.send({}, [this, probe, station](const Bytes&) { server_.hears(probe, *station); });
  });
}

void World::watch() {
  laws_.check_store();
  scheduler_.after(std::chrono::seconds{5}, [this] { watch(); });
}

void World::run() {
  server_.start();
  for (SimClient& client : clients_) {
    auto wait = std::chrono::milliseconds{static_cast<std::int64_t>(
        random_.below(static_cast<std::uint64_t>(scenario_.boots_within.count()) * 1000 + 1))};
    scheduler_.after(wait, [&client] { client.switch_on(); });
  }
  watch();
  scheduler_.run_until(scheduler_.now() + scenario_.lasts);
  server_.crash();  // once more, whatever it is doing
  for (SimClient& client : clients_) client.calm_down();
  scheduler_.run_until(scheduler_.now() + std::chrono::seconds{400});
  while (!server_.is_idle()) scheduler_.run_until(scheduler_.now() + std::chrono::milliseconds{1});
  laws_.check_doors();
  laws_.check_store();
  server_.check_book();
}

std::size_t World::bound() const {
  std::size_t count = 0;
  for (const SimClient& client : clients_) count += client.is_bound();
  return count;
}

}  // namespace slipway::sim
