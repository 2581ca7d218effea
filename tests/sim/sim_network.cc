// SPDX-License-Identifier: MPL-2.0
#include "sim/sim_network.h"

namespace slipway::sim {

void SimNetwork::send(Bytes packet, Receiver receiver) {
  if (happens(weather_.loss)) {
    ++lost_;
    return;
  }
  // Below a DHCP header: what a corrupted length leaves of a packet. Its checksum guards the rest.
  if (happens(weather_.cut)) packet.resize(random_.below(200));
  if (happens(weather_.copies)) {
    ++copied_;
    deliver(packet, receiver);
  }
  deliver(packet, receiver);
}

void SimNetwork::deliver(const Bytes& packet, const Receiver& receiver) {
  constexpr std::uint64_t late = Duration(latest).count(),
                          usual = Duration(std::chrono::milliseconds{20}).count();
  auto wait = Duration(static_cast<std::int64_t>(random_.below(happens(weather_.late) ? late : usual)));
  scheduler_.after(wait, [packet, receiver] { receiver(packet); });
}

}  // namespace slipway::sim
