// SPDX-License-Identifier: MPL-2.0
// slipway-storm: the words of its command line, one storm, one report.
#include <csignal>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include "base/result.h"
#include "base/version.h"
#include "storm/crowd.h"
#include "storm/live.h"
#include "storm/report.h"

namespace {

using namespace slipway;
using namespace slipway::storm;

constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2;

struct Words {
  std::uint32_t machines = 100, first = 0;
  std::string firmware = "bios", server, relay, interface;
  double within = 0, limit = 1800;
  bool eager = false, one_address = false, release = false, json = false;
};

/// What is wrong with the words: a sentence with its remedy.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Ipv4 address_of(const std::string& text, const char* option) {
  if (text.empty()) return {};
  auto address = Ipv4::parse(text);
  if (!address) throw UsageError(fmt::format("{} {} is no IPv4 address", option, text));
  return *address;
}

std::vector<const walk::Route*> routes_of(const std::string& name) {
  if (const walk::Route* one = walk::find_route(name)) return {one};
  std::vector<const walk::Route*> all;  // mixed: what racks have, not what only virtual machines do
  for (const char* each : {"bios", "uefi", "http"}) all.push_back(walk::find_route(each));
  return all;
}

Order order_of(const Words& words) {
  Order order;
  order.machines = words.machines;
  order.first = words.first;
  order.routes = routes_of(words.firmware);
  order.place = {address_of(words.relay, "--relay"), address_of(words.server, "--server"), words.interface};
  order.within = Duration(static_cast<std::int64_t>(words.within * 1e6));
  order.limit = Duration(static_cast<std::int64_t>(words.limit * 1e6));
  order.eager = words.eager;
  order.one_address = words.one_address;
  order.release = words.release;
  bool relayed = !order.place.relay.is_any();
  if (!relayed && words.interface.empty())
    throw UsageError("name the network on purpose: --interface NAME, or --relay ADDRESS --server ADDRESS");
  if (relayed && order.place.server.is_any())
    throw UsageError("a relay asks one server: say --server ADDRESS");
  if (relayed && !words.interface.empty())
    throw UsageError("machines are behind a relay or on an interface: say --relay or --interface, not both");
  return order;
}

/// So that nobody is surprised by what it does to a network.
void announce(const Words& words, const Order& order) {
  std::string kinds;
  for (const walk::Route* route : order.routes)
    kinds += (kinds.empty() ? "" : "; ") + std::string(route->says);
  std::string where = order.place.relay.is_any()
                          ? fmt::format("broadcast on {}", words.interface)
                          : fmt::format("ask {} through the relay {}", words.server, words.relay);
  fmt::print(stderr, "slipway-storm: {} machines ({}) {} and take an address each{}\n", words.machines, kinds,
             where, order.release ? ", which they give back at the end" : "");
}

/// A machine has one socket at a time.
void raise_descriptor_limit(std::uint32_t machines) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  rlim_t wanted = rlim_t{machines} + 256;
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  limit.rlim_max = std::max(limit.rlim_max, wanted);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    throw StartupError(fmt::format("{} machines need {} descriptors: raise `ulimit -n`, or run it as root",
                                   machines, wanted));
}

int run(const Words& words) {
  Order order = order_of(words);
  raise_descriptor_limit(order.machines);
  net::Reactor reactor;
  Crowd crowd(reactor, order);
  announce(words, order);
  net::Timer limit(reactor, [&] { crowd.stop("time was up"); });
  limit.after(order.limit);
  bool interrupted = false;
  for (int number : {SIGINT, SIGTERM})
    reactor.on_signal(number, [&] {
      if (std::exchange(interrupted, true)) return reactor.stop();
      crowd.stop("interrupted");
    });
  {
    Live live(reactor, crowd);
    reactor.post([&] { crowd.begin([&] { reactor.stop(); }); });
    reactor.run();
  }
  if (order.release) {
    crowd.release();
    while (reactor.turn(std::chrono::milliseconds(20))) {
    }
  }
  Report report;
  for (std::uint32_t i = 0; i < crowd.size(); ++i) report.add(crowd.machine(i), crowd.route(i).name);
  report.add(crowd.troubles());
  fmt::print("{}", words.json ? report.json() + "\n" : report.text());
  return report.all_booted() ? exit_ok : exit_failed;
}

/// What CLI::Range takes for a number and we do not: nan.
CLI::Validator seconds(double least) {
  auto check = [least, most = 7.0 * 86400](const std::string& text) {
    double value = 0;
    bool fits = CLI::detail::lexical_cast(text, value) && value >= least && value <= most;
    return fits ? std::string() : fmt::format("{} is no number of seconds from {} to {}", text, least, most);
  };
  return CLI::Validator(check, "SECONDS");
}

void add_options(CLI::App& app, Words& words) {
  std::vector<std::string> kinds{"mixed"};
  for (const walk::Route& route : walk::routes()) kinds.emplace_back(route.name);
  app.add_option("-n,--machines", words.machines, "how many")
      ->check(CLI::Range(1u, most_machines))
      ->capture_default_str();
  app.add_option("--firmware", words.firmware,
                 "bios, uefi and http load iPXE; ipxe has it in ROM; mixed: the first three")
      ->check(CLI::IsMember(kinds))
      ->capture_default_str();
  app.add_option("--interface", words.interface, "the machines are on this interface and broadcast");
  app.add_option("--relay", words.relay,
                 "or they are behind a relay: this host's address that speaks for them");
  app.add_option("--server", words.server, "the DHCP server; without --relay only its answers count");
  app.add_option("--within", words.within, "seconds over which they are switched on")->check(seconds(0));
  app.add_option("--limit", words.limit, "seconds after which who has not booted has failed")
      ->check(seconds(0.001))
      ->capture_default_str();
  app.add_flag("--eager", words.eager,
               "leave out the waits of firmware itself: what is left is the server's");
  app.add_flag("--one-address", words.one_address,
               "fetch files from this host's own address, not from leased ones");
  app.add_flag("--release", words.release, "give the leases back at the end");
  app.add_option("--first", words.first, "number of the first machine: another rack has other MAC addresses");
  app.add_flag("--json", words.json, "for programs");
}

}  // namespace

int main(int argc, char** argv) {
  Words words;
  CLI::App app(
      "How long does a rack take? Simulated machines boot from a server, from DISCOVER to the last file.");
  app.name("slipway-storm");
  app.set_version_flag("-V,--version", std::string("slipway-storm ") + version);
  app.footer(
      "Examples:\n  slipway-storm --interface eth1 --machines 40 --within 20\n"
      "  slipway-storm --relay 10.2.0.5 --server 10.1.0.1 --machines 1000 --firmware uefi\n"
      "  slipway-storm --interface eth1 --machines 200 --eager --release --json\n\n"
      "Exit code 0 when every machine booted, 1 when one did not, 2 for wrong usage. See slipway-storm(8).");
  add_options(app, words);
  try {
    app.parse(argc, argv);
    return run(words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    fmt::print(stderr, "slipway-storm: {}; see `slipway-storm --help`\n", error.what());
    return exit_usage;
  } catch (const UsageError& error) {
    fmt::print(stderr, "slipway-storm: {}; see `slipway-storm --help`\n", error.what());
    return exit_usage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "slipway-storm: {}\n", error.what());
    return exit_failed;
  }
}
