// SPDX-License-Identifier: MPL-2.0
// What an answer costs from the bytes of a request to the bytes of the reply, without socket and store:
// time and allocations of a whole DISCOVER, OFFER, REQUEST, ACK. Compare the rows of one run.
#include <atomic>
#include <cstdlib>
#include <new>

#include <benchmark/benchmark.h>

#include "config/config.h"
#include "dhcp/responder.h"

namespace {
std::atomic<std::uint64_t> allocations{0};
}  // namespace

void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* made = std::malloc(size)) return made;
  throw std::bad_alloc();
}
void operator delete(void* made) noexcept {
  std::free(made);
}
void operator delete(void* made, std::size_t) noexcept {
  std::free(made);
}

namespace slipway {
namespace {

constexpr std::string_view plain = R"(
interface = "eth1"
network = "10.0.0.0/16"
range = "10.0.1.0-10.0.200.0"
router = "10.0.0.1"
dns = ["10.0.0.3", "10.0.0.4"]
domain = "rack.example"
)";

constexpr std::string_view many_options = R"(
[server]
interfaces = ["eth1"]
[[subnet]]
network = "10.0.0.0/16"
range = "10.0.1.0-10.0.200.0"
router = "10.0.0.1"
dns = ["10.0.0.3", "10.0.0.4"]
domain = "rack.example"
options = { ntp-servers = ["10.0.0.3"], log-servers = ["10.0.0.3"], interface-mtu = 9000, domain-search = ["rack.example", "example"], classless-static-routes = ["0.0.0.0/0 via 10.0.0.1"], time-offset = 3600, netbios-node-type = 8 }
[[class]]
name = "bios"
when = { vendor-class = "PXEClient*", arch = 0 }
options = { root-path = "/export/root" }
[[class]]
name = "thin"
when = { mac = "00:80:64:*" }
options = { log-servers = ["10.0.0.9"] }
)";

wire::DhcpMessage request_of(wire::MessageType type, std::uint32_t who, bool boots) {
  namespace opt = wire::opt;
  wire::DhcpMessage message;
  message.set_mac({{0x52, 0x54, 0, static_cast<std::uint8_t>(who >> 16), static_cast<std::uint8_t>(who >> 8),
                    static_cast<std::uint8_t>(who)}});
  message.xid = who;
  message.options.set<opt::MessageType>(type);
  message.options.set<opt::ParameterList>({1, 3, 6, 7, 12, 15, 17, 26, 42, 43, 60, 66, 67, 119, 121});
  message.options.set<opt::MaxMessageSize>(1472);
  if (boots) {
    message.options.set<opt::VendorClass>("PXEClient:Arch:00000:UNDI:002001");
    message.options.set<opt::ClientArch>({0});
    message.options.set_raw(opt::ClientUuid::code, Bytes(17, 7));
  }
  return message;
}

struct Server {
  explicit Server(std::string_view text)
      : plan(config::load_text(text, "bench", {}).value()),
        book(lease::Rules::from(*plan, {&local, 1})),
        responder(plan, {"undionly.kpxe", "ipxe.efi"}, book) {}

  /// Bytes in, bytes out; the store grants everything.
  Bytes answer(ByteView datagram) {
    auto message = wire::parse_dhcp(datagram);
    dhcp::Handled handled = responder.handle(*message, arrival, now);
    if (auto* claim = std::get_if<dhcp::Claim>(&handled.verdict)) {
      book.settle(claim->change, lease::Outcome::done(), now);
      auto settled = dhcp::settle(std::move(*claim), lease::Outcome::done());
      return bytes_of(std::get<dhcp::Answer>(settled));
    }
    return bytes_of(std::get<dhcp::Answer>(handled.verdict));
  }
  static Bytes bytes_of(const dhcp::Answer& said) {
    return wire::serialize(said.message, said.max_size).bytes;
  }

  Ipv4 local{0x0a000002};
  Instant now = from_unix_seconds(1'700'000'000);
  dhcp::Arrival arrival{"eth1", 7, local, Ipv4::broadcast(), {Ipv4::any(), 68}, wire::dhcp_server_port};
  std::shared_ptr<const model::Plan> plan;
  lease::Book book;
  dhcp::Responder responder;
};

void exchange(benchmark::State& state, std::string_view text, bool boots) {
  Server server(text);
  constexpr std::uint32_t clients = 5'000;
  std::uint32_t who = 0;
  std::uint64_t before = allocations, made = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Bytes discover = wire::serialize(request_of(wire::MessageType::discover, who, boots), 1472).bytes;
    wire::DhcpMessage wanted = request_of(wire::MessageType::request, who, boots);
    wanted.options.set<wire::opt::ServerId>(server.local);
    state.ResumeTiming();
    before = allocations;
    Bytes offer = server.answer(discover);
    made += allocations - before;
    state.PauseTiming();
    wanted.options.set<wire::opt::RequestedAddress>(wire::parse_dhcp(offer)->yiaddr);
    Bytes request = wire::serialize(wanted, 1472).bytes;
    state.ResumeTiming();
    before = allocations;
    benchmark::DoNotOptimize(server.answer(request));
    made += allocations - before;
    who = (who + 1) % clients;
  }
  state.counters["allocations"] =
      benchmark::Counter(static_cast<double>(made), benchmark::Counter::kAvgIterations);
}

void PlainClient(benchmark::State& state) {
  exchange(state, plain, false);
}
BENCHMARK(PlainClient);

void BootClient(benchmark::State& state) {
  exchange(state, plain, true);
}
BENCHMARK(BootClient);

void BootClientWithManyOptions(benchmark::State& state) {
  exchange(state, many_options, true);
}
BENCHMARK(BootClientWithManyOptions);

}  // namespace
}  // namespace slipway
