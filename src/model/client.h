// SPDX-License-Identifier: MPL-2.0
// Who is asking: everything a packet or a request told us about a machine and the program that runs
// on it at that moment. A value; made by dhcp/identify, read by boot/ and timeline/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/address.h"

namespace slipway::model {

/// Processor architecture types (IANA registry, option 93 of RFC 4578 §2.1 and RFC 5970 §3.3).
/// Only those we act on stand here; any other number is carried and reported as it is.
enum class Arch : std::uint16_t {
  bios = 0,
  uefi_ia32 = 6,
  uefi_x64 = 7,  // RFC 4578 and its erratum swap 7 and 9: both are x86-64
  uefi_x64_bc = 9,
  uefi_arm32 = 10,
  uefi_arm64 = 11,
  http_x86 = 15,
  http_x64 = 16,
  http_ebc = 17,
  http_arm32 = 18,
  http_arm64 = 19,
  http_bios = 20,
  uboot_arm32 = 21,
  uboot_arm64 = 22,
  riscv32 = 25,
  riscv64 = 27,
  http_riscv64 = 28,
  loongarch32 = 37,
  loongarch64 = 39,
  http_loongarch64 = 40,
  raspberry_pi = 41,
};

/// "BIOS (0)", "x86-64 UEFI (7)"; an unknown code as "architecture 99".
std::string to_string(Arch arch);
bool is_http_boot(Arch arch);

/// The program that sent the packet.
enum class Stage {
  unknown,   ///< nothing in the packet says it boots: an operating system or a tool
  pxe_rom,   ///< firmware with a PXE client that is not iPXE
  http_rom,  ///< UEFI HTTP Boot
  ipxe,
  illumos_loader,  ///< user class "illumos"
  grub,
  operating_system,  ///< for example option 60 "SUNW..."
};
std::string_view to_string(Stage stage);

/// What an iPXE build can do, from option 175 (iPXE's own encapsulated features).
struct IpxeFeatures {
  bool http = false, https = false, iscsi = false, bzimage = false, multiboot = false, multiboot2 = false,
       efi = false, menu = false;
  bool reported = false;  ///< option 175 was there; otherwise nothing is known

  friend bool operator==(const IpxeFeatures&, const IpxeFeatures&) = default;
};

struct Client {
  MacAddress mac;
  std::optional<Uuid> uuid;  ///< absent when the board reports a placeholder
  std::optional<Arch> arch;  ///< first entry of option 93
  Stage stage = Stage::unknown;
  IpxeFeatures features;
  Ipv4 address;              ///< any() when not known
  std::string vendor_class;  ///< option 60
  std::string user_class;    ///< option 77, either encoding, first entry
  // Noted only where the plan knows machines by them.
  Bytes client_id, relay_circuit, relay_remote;

  friend bool operator==(const Client&, const Client&) = default;
};

}  // namespace slipway::model
