// SPDX-License-Identifier: MPL-2.0
#include "walk/program.h"

#include <algorithm>

#include "wire/pxe_options.h"

namespace slipway::walk {
namespace {

using model::Arch;
using std::chrono::seconds;
namespace opt = wire::opt;

// PXE 2.1 §2.2.2: four tries, 4, 8, 16 and 32 s; EDK2 has the same.
constexpr std::array<Duration, 4> pxe_waits{seconds(4), seconds(8), seconds(16), seconds(32)};
// iPXE, config/dhcp.h: from 1 s, doubled, 10 s at most.
constexpr std::array<Duration, 4> ipxe_waits{seconds(1), seconds(2), seconds(4), seconds(8)};

// EDK2 (PXEBC_MTFTP_TIMEOUT, PXEBC_MTFTP_RETRIES; capture full-uefi-pxe): the size first, then windows of 4.
constexpr TftpManner edk2_tftp{1468, 4, true, true, seconds(4), false, 6};
// A ROM's own client: the size first, then blocks that fit one frame; it knows no window.
constexpr TftpManner rom_tftp{1456, 1, true, true, seconds(4), false, 6};
// iPXE, net/udp/tftp.c and net/retry.c (captures bios-ipxe-tftp): 0.25 s, doubled.
constexpr TftpManner ipxe_tftp{1432, 1, true, false, std::chrono::milliseconds(250), true, 7};

constexpr Program bios_rom{"pxe", Arch::bios, pxe_waits, {}, false, rom_tftp};
// EDK2 listens for the whole of its first wait before it takes an offer (capture full-uefi-pxe: 4.1 s).
constexpr Program uefi_rom{"pxe", Arch::uefi_x64, pxe_waits, seconds(4), false, edk2_tftp};
constexpr Program http_rom{"http", Arch::http_x64, pxe_waits, seconds(4), false, edk2_tftp, true};
constexpr Program bios_ipxe{"ipxe", Arch::bios, ipxe_waits, {}, true, ipxe_tftp};
constexpr Program uefi_ipxe{"ipxe", Arch::uefi_x64, ipxe_waits, {}, true, ipxe_tftp};

constexpr std::array<Route, 4> all{{
    {"bios", "BIOS ROM, then iPXE", bios_rom, bios_ipxe},
    {"uefi", "UEFI PXE (EDK2), then iPXE", uefi_rom, uefi_ipxe},
    {"http", "UEFI HTTP Boot (EDK2), then iPXE", http_rom, uefi_ipxe},
    {"ipxe", "iPXE in ROM", std::nullopt, bios_ipxe},
}};

/// UEFI machines have the iPXE that starts what is served to them: builds with multiboot2 say so.
void say_multiboot2(wire::Options& options) {
  auto said = options.raw(opt::IpxeFeatures::code);
  auto features = said ? wire::parse_suboptions(*said) : std::nullopt;
  if (!features) return;
  features->set_raw(wire::IpxeOptions::multiboot2, {1});
  options.set_raw(opt::IpxeFeatures::code, wire::encode_suboptions(*features));
}

}  // namespace

std::span<const Route> routes() {
  return all;
}

const Route* find_route(std::string_view name) {
  auto found = std::find_if(all.begin(), all.end(), [&](const Route& route) { return route.name == name; });
  return found == all.end() ? nullptr : &*found;
}

MacAddress mac_of(std::uint32_t number) {
  std::uint32_t digits = number * 0x9e3779b1u & 0xffffff;  // odd, so a permutation
  return {{0x52, 0x54, 0, static_cast<std::uint8_t>(digits >> 16), static_cast<std::uint8_t>(digits >> 8),
           static_cast<std::uint8_t>(digits)}};
}

Uuid uuid_of(const MacAddress& mac) {
  Uuid uuid{{0x44, 0x45, 0x4c, 0x4c, 0x77, 0, 0x10, 0x40, 0x80, 0}};
  std::copy(mac.bytes.begin(), mac.bytes.end(), uuid.bytes.begin() + 10);
  return uuid;
}

wire::DhcpMessage message_of(const Program& program, const Identity& who, wire::MessageType type,
                             std::uint32_t xid) {
  rehearsal::Persona persona;
  persona.firmware = rehearsal::find_firmware(program.firmware);
  persona.mac = who.mac;
  persona.arch = program.arch;
  persona.uuid = uuid_of(who.mac);
  persona.giaddr = who.giaddr;
  persona.xid = xid;
  wire::DhcpMessage message = rehearsal::message_of(persona, type);
  if (who.broadcast) message.flags |= wire::broadcast_flag;
  if (program.arch == Arch::uefi_x64) say_multiboot2(message.options);
  return message;
}

}  // namespace slipway::walk
