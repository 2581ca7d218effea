// SPDX-License-Identifier: MPL-2.0
// Router messages of IPv6: what is read is written and read as the same again, and whatever comes in, the
// one who answers keeps its bounds and has a next moment.
#include <cstdlib>

#include "ndp/no_router.h"

using namespace slipway;
using namespace std::chrono_literals;

namespace {

void reads_what_it_writes(ByteView bytes) {
  auto message = wire::parse_router_message(bytes);
  if (!message) return;
  if (auto* asked = std::get_if<wire::RouterSolicitation>(&*message)) {
    asked->has_link_layer = asked->link_layer.has_value();
    if (wire::parse_router_message(serialize(*asked)).value() != *message) std::abort();
  } else {
    auto& said = std::get<wire::RouterAdvertisement>(*message);
    said.informs = false;
    if (wire::parse_router_message(serialize(said)).value() != *message) std::abort();
  }
}

}  // namespace

/// Packets of which each begins with its length, a byte of its source and one that says when it comes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  reads_what_it_writes({data, size});
  SeededRandom random(size);
  Tick now{1h};
  ndp::NoRouter no_router(random, now);
  ByteReader reader({data, size});
  std::size_t sent = 0;
  Tick begin = now;
  while (!reader.at_end()) {
    std::size_t length = reader.u8();
    Ipv6 source{{0xfe, 0x80, reader.u8()}};
    now += reader.u8() * 100ms;
    ByteView packet = reader.take(std::min(length, reader.remaining()));
    no_router.hear(packet, {source, 255}, now);
    sent += no_router.due(now).size();
    if (no_router.next() <= now) std::abort();
  }
  // One multicast, 64 to single machines and one question of ours every three seconds at the most.
  if (sent > 66 * static_cast<std::size_t>((now - begin) / 3s + 2)) std::abort();
  return 0;
}
