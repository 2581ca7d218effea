// SPDX-License-Identifier: MPL-2.0
// The programs that a machine is by turns on its way (ROM, then iPXE), each with what its real one sends,
// how long it waits and how often it asks; and the ways that machines go. Figures have their source beside
// them in program.cc. Pure.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.h"
#include "model/client.h"
#include "rehearsal/firmware.h"
#include "walk/fetch.h"

namespace slipway::walk {

struct Program {
  std::string_view firmware;      ///< as rehearsal/firmware.h names it
  model::Arch arch;               ///< option 93
  std::array<Duration, 4> waits;  ///< for an answer, try by try
  Duration collects{0};           ///< listens so long for further OFFERs
  bool waits_for_proxy = false;   ///< unless the server says that there is none, or option 60 comes
  TftpManner tftp;
  bool head_first = false;  ///< of its HTTP client
};

/// A kind of machine: what it is at power-on, and the iPXE that it loads.
struct Route {
  std::string_view name;       ///< as the command line takes it
  std::string_view says;       ///< for a person
  std::optional<Program> rom;  ///< none: its ROM is an iPXE
  Program ipxe;
};

std::span<const Route> routes();
const Route* find_route(std::string_view name);

/// A transaction id is the run's and program's in its upper bits, the machine's number in the lower ones.
inline constexpr unsigned number_bits = 18;

/// Who one machine is.
struct Identity {
  std::uint32_t number = 0;
  MacAddress mac;
  Ipv4 giaddr;             ///< the relay it speaks through; any: none
  bool broadcast = false;  ///< asks for broadcast answers, whatever its firmware does
};

/// By its number: one vendor's prefix and scattered digits, as a rack has, no two alike below 2^24.
MacAddress mac_of(std::uint32_t number);
/// Of its own, made from the MAC address.
Uuid uuid_of(const MacAddress& mac);

wire::DhcpMessage message_of(const Program& program, const Identity& who, wire::MessageType type,
                             std::uint32_t xid);

}  // namespace slipway::walk
