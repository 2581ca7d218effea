// SPDX-License-Identifier: MPL-2.0
// Any bytes, on any port, as often as they like: the responder answers, claims or drops, and what it
// says can be written and read again.
#include <cstdlib>

#include "dhcp/responder.h"

using namespace slipway;

namespace {

std::shared_ptr<const model::Plan> plan() {
  model::Draft draft;
  draft.server.interfaces = {"eth1"};
  model::Subnet net;
  net.network = Prefix::parse("10.0.0.0/24").value();
  net.pools = {{{{0x0a000064}, {0x0a0000c8}}, {}, {}}};
  draft.subnets = {net};
  return model::Plan::build(std::move(draft), {}).value();
}

void say(const dhcp::Answer& answer) {
  if (!wire::parse_dhcp(wire::serialize(answer.message, answer.max_size).bytes)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto world = plan();
  static const Ipv4 local{0x0a000002};
  static lease::Book book(lease::Rules::from(*world, {&local, 1}));
  static dhcp::Responder responder(world, {}, book);
  static Instant now = from_unix_seconds(1'700'000'000);
  now += std::chrono::seconds{1};
  auto message = wire::parse_dhcp({data, size});
  if (!message) return 0;
  dhcp::Arrival arrival{
      "eth1", 1, local, local, {{0x0a000077}, 68}, size % 2 ? std::uint16_t{67} : std::uint16_t{4011}};
  auto handled = responder.handle(*message, arrival, now);
  if (auto* answer = std::get_if<dhcp::Answer>(&handled.verdict)) say(*answer);
  auto* claim = std::get_if<dhcp::Claim>(&handled.verdict);
  if (!claim) return 0;
  book.settle(claim->change, lease::Outcome::done(), now);
  auto settled = dhcp::settle(std::move(*claim), lease::Outcome::done());
  if (auto* answer = std::get_if<dhcp::Answer>(&settled)) say(*answer);
  return 0;
}
