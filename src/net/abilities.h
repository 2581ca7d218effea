// SPDX-License-Identifier: MPL-2.0
// What this build can ask of its system. What it cannot is done another way or left out, and the operator is
// told (docs/adr/0020). Constants: any thread.
#pragma once

#include <string_view>

namespace slipway::net {

/// Whole Ethernet frames, out and in: net/raw_sender.h, net/packet_tap.h, net/arp.h.
bool has_frames();

/// Several sockets of ours on one port, among which the system spreads what comes in: a loop for each core.
bool spreads_ports();
/// Makes a socket one of them, before it is bound. False with errno set where there is no such thing.
bool share_port(int socket);

/// What the operator has to know of it, as one sentence; empty where nothing is missing.
std::string_view what_is_missing();

}  // namespace slipway::net
