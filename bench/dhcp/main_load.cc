// SPDX-License-Identifier: MPL-2.0
// dhcp_load: the command line of the load generator. One line of JSON comes out.
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include "load.h"

namespace {

using namespace slipway;
using namespace slipway::bench;

struct Words {
  std::string mode, server, relay, device, read, write;
  std::uint32_t clients = 1000, window = 0, turn = 0;
  std::uint64_t exchanges = 0;
  double seconds = 60;
  bool busy = false, firmware = false;
};

constexpr Nanoseconds second = 1'000'000'000;

Order order_of(const Words& words) {
  Order order;
  order.exchanges = words.exchanges ? words.exchanges : words.clients;
  order.limit = static_cast<Nanoseconds>(words.seconds * 1e9);
  order.busy = words.busy;
  order.patience = second;
  order.silence = 5 * second;
  if (words.mode == "renew") order.renew = true;
  if (words.mode == "single") order.window = 1;
  if (words.mode.starts_with("burst")) order.window = words.clients;
  if (words.mode == "burst") {
    order.patience = 0;
    order.silence = 2 * second;
  }
  if (words.mode == "burst-retry") {
    order.back_off = true;
    order.tries = 100;
    order.silence = 30 * second;
  }
  if (words.window) order.window = words.window;
  return order;
}

Ipv4 address_of(const std::string& text) {
  auto address = Ipv4::parse(text);
  if (!address) throw std::runtime_error("not an IPv4 address: " + text);
  return *address;
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

void run(const Words& words) {
  Place place{address_of(words.server), words.relay.empty() ? Ipv4::any() : address_of(words.relay),
              words.device};
  if (place.relay.is_any() && place.device.empty())
    throw std::runtime_error("clients without a relay agent need --device");
  Population clients(words.clients, static_cast<std::uint16_t>(words.turn));
  if (!words.read.empty()) clients.read(words.read);
  WireEnd wire(place);
  Messages messages({place.relay, words.firmware});
  double cpu = cpu_seconds();
  Tally tally = Load(order_of(words), clients, messages, wire).run();
  tally.cpu = cpu_seconds() - cpu;
  if (!words.write.empty()) clients.write(words.write);
  std::cout << to_json(tally) << std::endl;
}

}  // namespace

int main(int count, char** arguments) {
  Words words;
  CLI::App app("Many DHCP clients at once; prints what came of it as JSON.", "dhcp_load");
  app.add_option("mode", words.mode,
                 "new: DISCOVER to ACK of clients the server may not know\n"
                 "loaded: the same, of clients that have a lease\n"
                 "renew: REQUEST with ciaddr to ACK; needs --read\n"
                 "burst: everybody at once, nobody asks twice\n"
                 "burst-retry: everybody at once, with back-off until all have a lease\n"
                 "single: one exchange at a time")
      ->required()
      ->check(CLI::IsMember({"new", "loaded", "renew", "burst", "burst-retry", "single"}));
  app.add_option("--server", words.server, "the server's address")->required();
  app.add_option("--relay", words.relay, "our address as relay agent (giaddr); without: broadcasts");
  app.add_option("--device", words.device, "interface");
  app.add_option("--clients", words.clients, "how many there are")->capture_default_str();
  app.add_option("--exchanges", words.exchanges, "how many to walk, by default one of each client");
  app.add_option("--window", words.window, "exchanges under way at once (64; single 1; burst all)");
  app.add_option("--seconds", words.seconds, "end after so long")->capture_default_str();
  app.add_option("--turn", words.turn, "sets the transaction ids of this run apart from another's");
  app.add_option("--read", words.read, "leases the clients have");
  app.add_option("--write", words.write, "where to write the leases they got");
  app.add_flag("--busy", words.busy, "never sleep: give it a core of its own");
  app.add_flag("--firmware", words.firmware, "clients are PXE ROMs");
  CLI11_PARSE(app, count, arguments);
  try {
    run(words);
  } catch (const std::exception& error) {
    std::cerr << "dhcp_load: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
