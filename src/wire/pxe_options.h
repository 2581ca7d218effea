// SPDX-License-Identifier: MPL-2.0
// The options that netboot firmware gives its own meaning, typed: 43 (PXE 2.1 §2.3), 60 and 97
// (RFC 4578), 77 (RFC 3004, and as iPXE writes it), 175 (iPXE). Bytes to values and back; no opinion
// about what a client is. Any thread; what is malformed yields nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "wire/dhcp_options.h"

namespace slipway::wire {

/// Option 43 of a PXE server or client (PXE 2.1 §2.3, table 2-1).
struct PxeOptions {
  enum Code : std::uint8_t {
    discovery_control_code = 6,
    boot_servers_code = 8,
    boot_menu_code = 9,
    menu_prompt_code = 10,
    boot_item_code = 71,
  };
  /// Bits of sub-option 6; 8 is what a proxy that names the file itself sends.
  enum Control : std::uint8_t {
    no_broadcast_discovery = 1,
    no_multicast_discovery = 2,
    only_listed_servers = 4,
    use_offered_file = 8,
  };
  struct BootServer {
    std::uint16_t type = 0;
    std::vector<Ipv4> addresses;
    friend bool operator==(const BootServer&, const BootServer&) = default;
  };
  struct MenuItem {
    std::uint16_t type = 0;
    std::string text;
    friend bool operator==(const MenuItem&, const MenuItem&) = default;
  };
  struct Prompt {
    std::uint8_t timeout = 0;  ///< seconds; 0: the first item at once, 255: wait for a key
    std::string text;
    friend bool operator==(const Prompt&, const Prompt&) = default;
  };
  struct BootItem {
    std::uint16_t type = 0;
    std::uint16_t layer = 0;
    friend bool operator==(const BootItem&, const BootItem&) = default;
  };

  std::optional<std::uint8_t> discovery_control;
  std::vector<BootServer> boot_servers;
  std::vector<MenuItem> boot_menu;
  std::optional<Prompt> menu_prompt;
  std::optional<BootItem> boot_item;
  friend bool operator==(const PxeOptions&, const PxeOptions&) = default;
};
/// Sub-options of other codes are passed over; one of ours that is malformed spoils the whole.
std::optional<PxeOptions> parse_pxe_options(ByteView option_43);
Bytes encode_pxe_options(const PxeOptions& options);  ///< with the END that PXE wants

/// Option 97: type 0 and 16 bytes.
std::optional<Uuid> parse_client_uuid(ByteView option_97);
Bytes encode_client_uuid(const Uuid& uuid);

/// Option 77: length-prefixed classes (RFC 3004 §4) if the lengths come out even, else the bare text
/// as one class (iPXE). Final NULs are dropped.
std::vector<std::string> parse_user_class(ByteView option_77);

/// Option 60 as firmware writes it: "PXEClient:Arch:00007:UNDI:003016", "HTTPClient:Arch:00016".
struct VendorClass {
  std::string name;                   ///< "PXEClient", "HTTPClient"
  std::optional<std::uint16_t> arch;  ///< of IANA's registry, as in option 93
  std::string undi;                   ///< "003016": major and minor version
};
/// Nothing for any other text.
std::optional<VendorClass> parse_vendor_class(std::string_view option_60);

/// Option 175: iPXE's encapsulated options (iPXE, include/ipxe/dhcp.h and features.h).
struct IpxeOptions {
  enum Feature : std::uint8_t {
    pxe_extensions = 0x10,
    iscsi = 0x11,
    aoe = 0x12,
    http = 0x13,
    https = 0x14,
    tftp = 0x15,
    ftp = 0x16,
    dns = 0x17,
    bzimage = 0x18,
    multiboot = 0x19,
    srp = 0x1b,
    nbi = 0x20,
    pxe = 0x21,
    elf = 0x22,
    comboot = 0x23,
    efi = 0x24,
    fcoe = 0x25,
    vlan = 0x26,
    menu = 0x27,
    sdi = 0x28,
    nfs = 0x29,
    multiboot2 = 0x2a,  ///< of the forks that start SmartOS on UEFI
  };
  enum Code : std::uint8_t {
    no_proxy_dhcp_code = 176,  ///< a server's: 1 saves the client its wait for a proxy
    bus_id_code = 177,
    version_code = 235,
  };

  std::vector<std::uint8_t> features;  ///< those reported, ascending
  std::string version;                 ///< "1.0.0"; empty: not told

  bool has(Feature feature) const;
};
std::optional<IpxeOptions> parse_ipxe_options(ByteView option_175);
std::string_view to_string(IpxeOptions::Feature feature);  ///< empty for a code without a name

}  // namespace slipway::wire
