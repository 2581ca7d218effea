// SPDX-License-Identifier: MPL-2.0
// Packets for programs: one JSON object a line, as `slipway decode --json` prints them. Pure.
#pragma once

#include <string>

#include "wire/capture_sieve.h"
#include "wire/dhcp_message.h"
#include "wire/tftp_packet.h"

namespace slipway::cli {

/// {"seconds", "from", "to", "cut", "dhcp": {...} | "tftp": {...} | "fragment": {...} | "not":
/// "wrong_cookie"}; empty for a packet of neither protocol.
std::string packet_json(const wire::Packet& packet, wire::CaptureSieve& sieve);

/// A message or packet alone: {"dhcp": {...}}, {"tftp": {...}}.
std::string message_line(const wire::DhcpMessage& message);
std::string tftp_line(const wire::TftpPacket& packet);

}  // namespace slipway::cli
