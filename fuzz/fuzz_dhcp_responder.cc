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
  net.bootp = net.rapid_commit = true;
  model::Subnet far;  // behind a relay, told apart by client ids, without need of IPv4
  far.network = Prefix::parse("10.1.0.0/24").value();
  far.pools = {{{{0x0a010064}, {0x0a0100c8}}, {}, {}}};
  far.identify = model::Identify::client_id;
  far.allocate = model::Allocation::hashed;
  far.reply_to = model::ReplyTo::source;
  far.options = {{108, {0, 0, 1, 44}}};
  draft.subnets = {net, far};
  draft.server.lease_query = {Prefix::parse("10.1.0.0/24").value()};
  model::Machine board, id, port;
  board.name = "board";
  board.uuid = Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef");
  board.address = Ipv4{0x0a000014};
  id.name = "id";
  id.client_id = {1, 2};
  port.name = "port";
  port.relay_circuit = {'p'};
  port.address = Ipv4{0x0a010014};
  draft.machines = {board, id, port};
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
