// SPDX-License-Identifier: MPL-2.0
#include "rehearsal/firmware.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "wire/pxe_options.h"

namespace slipway::rehearsal {
namespace {

using model::Arch;
using wire::MessageType;
namespace opt = wire::opt;

using Codes = std::vector<std::uint8_t>;

const Codes edk2_list{1,  2,  3,  4,  5,  6,  12, 13, 15, 17,  18,  22,  23,  28,  40,  41,  42, 43,
                      50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130, 131, 132, 133, 134, 135};
const Codes edk2_http_list{1,  2,  3,  4,  5,  6,  12, 13, 15, 17, 18,  22, 23, 28,
                           40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 235, 67, 97};
const Codes bios_list{1,  2,  3,  5,  6,   11,  12,  13,  15,  16,  17,  18,
                      43, 54, 60, 67, 128, 129, 130, 131, 132, 133, 134, 135};
const Codes ipxe_list{1,   3,   6,   7,   12,  15,  17,  26,  43,  60,  66, 67,
                      119, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203};

bool is_bios(const Persona& persona) {
  return arch_of(persona) == Arch::bios;
}

void say_arch(const Persona& persona, std::string_view vendor, std::string_view undi,
              wire::Options& options) {
  auto code = static_cast<std::uint16_t>(arch_of(persona));
  options.set<opt::ClientArch>({code});
  options.set<opt::VendorClass>(fmt::format("{}:Arch:{:05}:UNDI:{}", vendor, code, undi));
}

/// All zeros is what a virtual machine without a serial number says.
void say_uuid(const Persona& persona, wire::Options& options) {
  options.set_raw(opt::ClientUuid::code, wire::encode_client_uuid(persona.uuid.value_or(Uuid{})));
}

Bytes hardware_client_id(const MacAddress& mac) {
  Bytes id{1};
  id.insert(id.end(), mac.bytes.begin(), mac.bytes.end());
  return id;
}

using Tell = void (*)(const Persona&, MessageType, wire::Options&);

// EDK2, NetworkPkg/UefiPxeBcDxe (captures uefi-pxe-ipxe, aarch64-pxe); a BIOS ROM (capture raw-bios).
void tell_pxe(const Persona& persona, MessageType type, wire::Options& options) {
  bool bios = is_bios(persona);
  std::uint16_t edk2_size = type == MessageType::request ? 65280 : 1472;
  options.set<opt::MaxMessageSize>(bios ? std::uint16_t{1464} : edk2_size);
  options.set<opt::ParameterList>(bios ? bios_list : edk2_list);
  say_uuid(persona, options);
  options.set_raw(opt::ClientInterface::code, bios ? Bytes{1, 2, 1} : Bytes{1, 3, 0});
  say_arch(persona, "PXEClient", bios ? "002001" : "003000", options);
}

// EDK2, NetworkPkg/HttpBootDxe (capture uefi-http).
void tell_http(const Persona& persona, MessageType, wire::Options& options) {
  options.set<opt::MaxMessageSize>(1472);
  options.set<opt::ParameterList>(edk2_http_list);
  say_uuid(persona, options);
  options.set_raw(opt::ClientInterface::code, {1, 3, 0});
  say_arch(persona, "HTTPClient", "003000", options);
}

// iPXE of Debian 12 (captures bios-ipxe-http, uefi-pxe-ipxe): its features differ by platform.
void tell_ipxe(const Persona& persona, MessageType, wire::Options& options) {
  bool bios = is_bios(persona);
  wire::Options features;
  features.set_raw(wire::IpxeOptions::bus_id_code, {1, 0x1a, 0xf4, 0x10, 0});
  features.set_raw(wire::IpxeOptions::version_code, {1, 0, 0});
  const Codes on_bios{0x17, 0x22, 0x13, 0x11, 0x27, 0x19, 0x29, 0x10, 0x21, 0x15, 0x18, 0x12};
  const Codes on_uefi{0x17, 0x24, 0x13, 0x11, 0x27, 0x29, 0x15, 0x1b, 0x12};
  for (std::uint8_t code : bios ? on_bios : on_uefi) {
    features.set_raw(code, {code == wire::IpxeOptions::pxe_extensions ? std::uint8_t{2} : std::uint8_t{1}});
  }
  options.set<opt::MaxMessageSize>(1472);
  options.set_raw(opt::ClientInterface::code, bios ? Bytes{1, 2, 1} : Bytes{1, 3, 10});
  say_arch(persona, "PXEClient", bios ? "002001" : "003010", options);
  options.set_raw(opt::UserClass::code, {'i', 'P', 'X', 'E'});
  options.set<opt::ParameterList>(ipxe_list);
  options.set_raw(opt::IpxeFeatures::code, wire::encode_suboptions(features));
  options.set_raw(opt::ClientId::code, hardware_client_id(persona.mac));
  say_uuid(persona, options);
}

// GRUB 2.06, grub-core/net/bootp.c (capture uefi-http, its second half).
void tell_grub(const Persona&, MessageType type, wire::Options& options) {
  if (type != MessageType::discover) options.set<opt::ParameterList>({1, 3, 6, 15, 12, 17, 18, 60});
}

// U-Boot, net/bootp.c (dhcp_extended), with CONFIG_BOOTP_PXE as its boards for booting have it.
void tell_uboot(const Persona& persona, MessageType, wire::Options& options) {
  options.set<opt::MaxMessageSize>(576);
  options.set<opt::ClientArch>({static_cast<std::uint16_t>(arch_of(persona))});
  options.set_raw(opt::ClientInterface::code, {1, 0, 0});
  options.set<opt::VendorClass>("U-Boot.armv8");
  options.set<opt::ParameterList>({1, 3, 6, 12, 17});
}

// illumos, usr/src/boot/libsa/bootp.c (bootp_fill_request): the user class has its length byte.
void tell_illumos(const Persona&, MessageType, wire::Options& options) {
  options.set<opt::VendorClass>("PXEClient");
  options.set_raw(opt::UserClass::code, {7, 'i', 'l', 'l', 'u', 'm', 'o', 's'});
  options.set<opt::ParameterList>({17, 12, 16, 3, 1, 26, 54});
}

// Microsoft's [MS-DHCPE] and what its clients are known to send.
void tell_windows(const Persona& persona, MessageType, wire::Options& options) {
  options.set_raw(opt::ClientId::code, hardware_client_id(persona.mac));
  options.set<opt::HostName>("DESKTOP");
  options.set<opt::VendorClass>("MSFT 5.0");
  options.set<opt::ParameterList>({1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252});
}

// udhcpc of Debian 12 (capture dhcp-udhcpc-release).
void tell_linux(const Persona& persona, MessageType, wire::Options& options) {
  options.set<opt::MaxMessageSize>(576);
  options.set<opt::ParameterList>({1, 3, 6, 12, 15, 28, 42});
  options.set<opt::VendorClass>("udhcp 1.35.0");
  options.set_raw(opt::ClientId::code, hardware_client_id(persona.mac));
}

struct Row {
  Firmware firmware;
  Tell tell;
  bool broadcast;  ///< wants its answers as broadcasts; of PXE firmware only UEFI's does
};

constexpr std::array<Row, 8> rows{{
    {{"pxe", "PXE firmware: UEFI (EDK2)", Arch::uefi_x64}, tell_pxe, true},
    {{"http", "UEFI HTTP Boot (EDK2)", Arch::http_x64}, tell_http, true},
    {{"ipxe", "iPXE", Arch::bios}, tell_ipxe, false},
    {{"grub", "GRUB 2", Arch::bios}, tell_grub, false},
    {{"uboot", "U-Boot", Arch::uboot_arm64}, tell_uboot, false},
    {{"illumos", "the illumos loader", Arch::bios}, tell_illumos, false},
    {{"linux", "a Linux system (udhcpc)", Arch::bios}, tell_linux, false},
    {{"windows", "Windows", Arch::bios}, tell_windows, false},
}};

constexpr auto listed = [] {
  std::array<Firmware, rows.size()> all{};
  for (std::size_t i = 0; i < rows.size(); ++i) all[i] = rows[i].firmware;
  return all;
}();

const Row* row_of(const Persona& persona) {
  auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
    return persona.firmware && row.firmware.name == persona.firmware->name;
  });
  return found == rows.end() ? nullptr : &*found;
}

/// RFC 3004 §4: each class with its length. iPXE writes bare text, and so does whoever plays it.
Bytes encoded_user_class(const Persona& persona) {
  const std::string& text = *persona.user_class;
  Bytes bytes(text.begin(), text.end());
  bool bare = persona.firmware && persona.firmware->name == "ipxe";
  if (!bare) bytes.insert(bytes.begin(), static_cast<std::uint8_t>(std::min<std::size_t>(text.size(), 255)));
  return bytes;
}

void say_what_is_said(const Persona& persona, wire::Options& options) {
  if (persona.arch && !persona.firmware) say_arch(persona, "PXEClient", "003000", options);
  if (persona.uuid) say_uuid(persona, options);
  if (persona.client_id) options.set_raw(opt::ClientId::code, *persona.client_id);
  if (persona.vendor_class) options.set<opt::VendorClass>(*persona.vendor_class);
  if (persona.user_class) options.set_raw(opt::UserClass::code, encoded_user_class(persona));
  for (const model::RawOption& option : persona.options) options.set_raw(option.code, option.value);
}

/// RFC 3046: what the relay adds on the way.
void relay(const Persona& persona, wire::DhcpMessage& message) {
  message.giaddr = persona.giaddr;
  if (!persona.giaddr.is_any()) message.hops = 1;
  wire::Options agent;
  if (!persona.circuit_id.empty()) agent.set_raw(1, persona.circuit_id);
  if (!persona.remote_id.empty()) agent.set_raw(2, persona.remote_id);
  if (!agent.entries().empty())
    message.options.set_raw(opt::RelayAgent::code, wire::encode_suboptions(agent));
}

}  // namespace

std::span<const Firmware> firmwares() {
  return listed;
}

const Firmware* find_firmware(std::string_view name) {
  auto found =
      std::find_if(listed.begin(), listed.end(), [&](auto& firmware) { return firmware.name == name; });
  return found == listed.end() ? nullptr : &*found;
}

std::string_view title_of(const Persona& persona) {
  if (!persona.firmware) return "the client";
  bool rom = persona.firmware->name == "pxe" && arch_of(persona) == Arch::bios;
  return rom ? "PXE firmware: a BIOS ROM" : persona.firmware->says;
}

model::Arch arch_of(const Persona& persona) {
  Arch arch = persona.arch.value_or(persona.firmware ? persona.firmware->arch : Arch::bios);
  if (!persona.firmware || persona.firmware->name != "http") return arch;
  switch (arch) {  // the same processor, by the number RFC 5970 §3.3 gives its HTTP client
    case Arch::bios:
      return Arch::http_bios;
    case Arch::uefi_ia32:
      return Arch::http_x86;
    case Arch::uefi_x64:
    case Arch::uefi_x64_bc:
      return Arch::http_x64;
    case Arch::uefi_arm32:
      return Arch::http_arm32;
    case Arch::uefi_arm64:
      return Arch::http_arm64;
    default:
      return arch;
  }
}

wire::DhcpMessage message_of(const Persona& persona, std::optional<MessageType> type) {
  const Row* row = row_of(persona);
  wire::DhcpMessage message;
  message.set_mac(persona.mac);
  message.xid = persona.xid;
  if (row && row->broadcast && !is_bios(persona)) message.flags = wire::broadcast_flag;
  if (type) {
    message.options.set<opt::MessageType>(*type);
    if (row) row->tell(persona, *type, message.options);
  }
  say_what_is_said(persona, message.options);
  relay(persona, message);
  return message;
}

wire::DhcpMessage proxy_request_of(const Persona& persona) {
  wire::DhcpMessage message = message_of(persona, MessageType::request);
  message.options.set<opt::MaxMessageSize>(1472);
  // iPXE asks with nine bytes, whatever it said before (capture proxy-bios-ipxe).
  if (persona.firmware && persona.firmware->name == "ipxe" && !persona.vendor_class) {
    message.options.set<opt::VendorClass>("PXEClient");
  }
  return message;
}

}  // namespace slipway::rehearsal
