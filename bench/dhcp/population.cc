// SPDX-License-Identifier: MPL-2.0
#include "population.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace slipway::bench {
namespace {

constexpr int turn_shift = 20;
constexpr std::uint32_t turns = 1u << (32 - turn_shift);
/// Odd, so that multiplying by it modulo 2^24 makes no two numbers alike.
constexpr std::uint32_t scatter = 0x9e3779b1, scatter_back = 0x8b2f51;
static_assert((scatter * scatter_back & 0xffffff) == 1);

std::uint32_t number_of_mac(const MacAddress& mac) {
  std::uint32_t digits = static_cast<std::uint32_t>(mac.bytes[3] << 16 | mac.bytes[4] << 8 | mac.bytes[5]);
  return digits * scatter_back & 0xffffff;
}

}  // namespace

Population::Population(std::uint32_t size, std::uint16_t turn) : clients_(size) {
  if (size > most) throw std::runtime_error("at most 1048576 clients");
  for (Client& client : clients_) client.turn = turn;
}

MacAddress Population::mac_of(std::uint32_t number) {
  std::uint32_t digits = number * scatter;
  return {{0x52, 0x54, 0x00, static_cast<std::uint8_t>(digits >> 16), static_cast<std::uint8_t>(digits >> 8),
           static_cast<std::uint8_t>(digits)}};
}

std::uint32_t Population::xid_of(std::uint32_t number) const {
  return clients_[number].turn % turns << turn_shift | number;
}

std::size_t Population::count_shared() const {
  std::vector<Ipv4> held;
  for (const Client& client : clients_) {
    if (client.granted) held.push_back(client.address);
  }
  std::sort(held.begin(), held.end());
  auto once = static_cast<std::size_t>(std::unique(held.begin(), held.end()) - held.begin());
  return held.size() - once;
}

void Population::read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::string mac, address, server;
  while (file >> mac >> address >> server) {
    auto who = MacAddress::parse(mac);
    auto what = Ipv4::parse(address), from = Ipv4::parse(server);
    if (!who || !what || !from) throw std::runtime_error(path + ": not a list of leases");
    std::uint32_t number = number_of_mac(*who);
    if (number >= size()) continue;
    clients_[number].address = *what;
    clients_[number].server = *from;
    clients_[number].granted = true;
  }
}

void Population::write(const std::string& path) const {
  std::ofstream file(path);
  for (std::uint32_t number = 0; number < size(); ++number) {
    const Client& client = clients_[number];
    if (!client.granted) continue;
    file << mac_of(number).to_string() << ' ' << client.address.to_string() << ' '
         << client.server.to_string() << '\n';
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace slipway::bench
