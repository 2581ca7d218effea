// SPDX-License-Identifier: MPL-2.0
#include "sim/world.h"

#include <gtest/gtest.h>

namespace slipway::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned interface_index = 3;

MacAddress mac_of(std::size_t number) {
  return {{0x52, 0x54, 0, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
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
      plans_(scheduler_, scenario.addresses),
      rows_(std::make_shared<store::MemoryStore::Rows>()),
      laws_(scheduler_, plans_, rows_),
      server_(
          scheduler_, random_, laws_, scenario.troubles, plans_.now(), server_address, rows_,
          [this](const dhcp::Answer& answer) { from_server(answer); },
          [this](const dhcp::Probe& probe) { asked(probe); }),
      mischief_(random_) {
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
  if (scenario_.hostile) mischief_.overhears(message);
  if (to || !is_relayed(message.mac().value())) return arrive(message, arrival);
  arrival.sent_to = server_address;
  message.hops = 1;
  for (unsigned relay = 0; relay < scenario_.relays; ++relay) {
    message.giaddr = relay_address(relay);
    arrival.source = {message.giaddr, wire::dhcp_server_port};
    arrive(message, arrival);
  }
}

void World::arrive(const wire::DhcpMessage& message, const dhcp::Arrival& arrival) {
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
  server_.check_book();
  server_.check_bounds(plans_.addresses());
  scheduler_.after(seconds{5}, [this] { watch(); });
}

void World::again_after(Duration pause, void (World::*next)()) {
  if (pause == Duration::zero()) return;
  Duration wait{static_cast<std::int64_t>(random_.below(2 * static_cast<std::uint64_t>(pause.count())))};
  scheduler_.after(wait, [this, pause, next] {
    if (!wild_) return;
    (this->*next)();
    again_after(pause, next);
  });
}

/// One machine in twenty gets an address reserved.
void World::change_plan() {
  std::vector<MacAddress> machines;
  for (const SimClient& client : clients_) {
    if (random_.below(20) == 0) machines.push_back(client.mac());
  }
  server_.publish(plans_.change(random_, machines));
}

/// To any hour within the longest jump, before or behind the true one.
void World::jump_clock() {
  auto longest = Duration(scenario_.longest_jump).count();
  Duration to{static_cast<std::int64_t>(random_.below(2 * static_cast<std::uint64_t>(longest))) - longest};
  server_.jump(to - ahead_);
  ahead_ = to;
}

void World::do_harm() {
  Ipv4 network = random_.below(2) ? local_network : far_network;
  dhcp::Arrival arrival;
  arrival.interface = "eth1";
  arrival.index = interface_index;
  arrival.local = server_address;
  arrival.sent_to = random_.below(2) ? server_address : Ipv4::broadcast();
  arrival.source = {{}, wire::dhcp_client_port};
  Ipv4 victim{network.value + first_host + static_cast<std::uint32_t>(random_.below(scenario_.addresses))};
  network_.send(mischief_.next(victim),
                [this, arrival](const Bytes& packet) { server_.receive(packet, arrival); });
}

void World::run() {
  server_.start();
  for (SimClient& client : clients_) {
    auto wait = milliseconds{static_cast<std::int64_t>(
        random_.below(static_cast<std::uint64_t>(scenario_.boots_within.count()) * 1000 + 1))};
    scheduler_.after(wait, [&client] { client.switch_on(); });
  }
  watch();
  again_after(scenario_.reloads_every, &World::change_plan);
  again_after(scenario_.jumps_every, &World::jump_clock);
  if (scenario_.hostile) again_after(Duration(seconds{1}) / scenario_.hostile, &World::do_harm);
  scheduler_.run_until(scheduler_.now() + scenario_.lasts);
  wild_ = false;
  server_.calm_down();
  server_.crash();  // once more, whatever it is doing
  for (SimClient& client : clients_) client.calm_down();
  scheduler_.run_until(scheduler_.now() + seconds{400});
  while (!server_.is_idle()) scheduler_.run_until(scheduler_.now() + milliseconds{1});
  laws_.check_doors();
  laws_.check_store();
  server_.check_book();
  EXPECT_LE(server_.offers(), clients_.size() - bound()) << "offers that nobody waits for";
}

std::size_t World::bound() const {
  std::size_t count = 0;
  for (const SimClient& client : clients_) count += client.is_bound();
  return count;
}

}  // namespace slipway::sim
