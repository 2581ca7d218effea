// SPDX-License-Identifier: MPL-2.0
// Any capture can be put to a rehearsal, and what came of it can be told.
#include "rehearsal/tell.h"

using namespace slipway;

namespace {

std::shared_ptr<const model::Plan> plan() {
  model::Draft draft;
  draft.server.interfaces = {"eth1"};
  model::Subnet net;
  net.network = Prefix::parse("10.77.0.0/24").value();
  net.pools = {{{{0x0a4d0064}, {0x0a4d00c8}}, {}, {}}};
  draft.subnets = {net};
  return model::Plan::build(std::move(draft), {}).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto world = plan();
  auto capture = wire::read_pcap({data, size});
  if (!capture) return 0;
  rehearsal::Rehearsal rehearsal({world, {}, {{0x0a4d0001}}, {}, from_unix_seconds(1'700'000'000)});
  rehearsal::replay(rehearsal, *capture, {"eth1", 1, {0x0a4d0001}},
                    [](const rehearsal::Replayed& replayed) { rehearsal::tell(replayed, *world); });
  return 0;
}
