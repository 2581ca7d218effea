// SPDX-License-Identifier: MPL-2.0
// What each program on a booting machine sends: one row per program, taken from captures of the real
// thing (tests/golden) or, where there is none, from its source. Pure; makes packets, judges nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "model/client.h"
#include "model/subnet.h"
#include "wire/dhcp_message.h"

namespace slipway::rehearsal {

struct Firmware {
  std::string_view name;  ///< as `slipway simulate --as` takes it
  std::string_view says;  ///< for a person: "UEFI HTTP Boot (EDK2)"
  model::Arch arch;       ///< where nothing else is said
};

/// In the order a person reads them.
std::span<const Firmware> firmwares();
const Firmware* find_firmware(std::string_view name);

/// Who asks, as an operator describes it. What is set here goes before what the firmware says by itself.
struct Persona {
  const Firmware* firmware = nullptr;  ///< null: a client that says no more than the rest of this
  MacAddress mac;
  std::optional<model::Arch> arch;
  std::optional<Uuid> uuid;
  std::optional<Bytes> client_id;
  std::optional<std::string> vendor_class, user_class;
  std::vector<model::RawOption> options;  ///< last word on any option
  Ipv4 giaddr;                            ///< the relay's address; any(): no relay
  Bytes circuit_id, remote_id;            ///< what the relay says of the client (RFC 3046)
  std::uint32_t xid = 1;
};

/// What it is, for a person: "PXE firmware: a BIOS ROM".
std::string_view title_of(const Persona& persona);

/// A DISCOVER, REQUEST, INFORM, ... as this client sends it; address and server id are the caller's to set.
/// Without a type it is BOOTP (RFC 951).
wire::DhcpMessage message_of(const Persona& persona, std::optional<wire::MessageType> type);

/// What a PXE client asks a proxy on port 4011 (PXE 2.1 §2.2.3).
wire::DhcpMessage proxy_request_of(const Persona& persona);

/// The architecture this client names: its own, or its firmware's. HTTP Boot has numbers of its own.
model::Arch arch_of(const Persona& persona);

}  // namespace slipway::rehearsal
