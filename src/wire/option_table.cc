// SPDX-License-Identifier: MPL-2.0
// The table itself. Names are those of dhcp-options(5) where it has one.
#include <algorithm>
#include <array>

#include "wire/dhcp_options.h"

namespace slipway::wire {
namespace {

using enum OptionType;

constexpr OptionInfo table[] = {
    {1, ipv4, "subnet-mask", "RFC 2132 §3.3"},
    {2, i32, "time-offset", "RFC 2132 §3.4"},
    {3, ipv4_list, "routers", "RFC 2132 §3.5"},
    {4, ipv4_list, "time-servers", "RFC 2132 §3.6"},
    {5, ipv4_list, "ien116-name-servers", "RFC 2132 §3.7"},
    {6, ipv4_list, "domain-name-servers", "RFC 2132 §3.8"},
    {7, ipv4_list, "log-servers", "RFC 2132 §3.9"},
    {8, ipv4_list, "cookie-servers", "RFC 2132 §3.10"},
    {9, ipv4_list, "lpr-servers", "RFC 2132 §3.11"},
    {10, ipv4_list, "impress-servers", "RFC 2132 §3.12"},
    {11, ipv4_list, "resource-location-servers", "RFC 2132 §3.13"},
    {12, text, "host-name", "RFC 2132 §3.14"},
    {13, u16, "boot-size", "RFC 2132 §3.15"},
    {14, text, "merit-dump", "RFC 2132 §3.16"},
    {15, text, "domain-name", "RFC 2132 §3.17"},
    {16, ipv4, "swap-server", "RFC 2132 §3.18"},
    {17, text, "root-path", "RFC 2132 §3.19"},
    {18, text, "extensions-path", "RFC 2132 §3.20"},
    {19, flag, "ip-forwarding", "RFC 2132 §4.1"},
    {20, flag, "non-local-source-routing", "RFC 2132 §4.2"},
    {21, ipv4_pairs, "policy-filter", "RFC 2132 §4.3"},
    {22, u16, "max-dgram-reassembly", "RFC 2132 §4.4"},
    {23, u8, "default-ip-ttl", "RFC 2132 §4.5"},
    {24, u32, "path-mtu-aging-timeout", "RFC 2132 §4.6"},
    {25, u16_list, "path-mtu-plateau-table", "RFC 2132 §4.7"},
    {26, u16, "interface-mtu", "RFC 2132 §5.1"},
    {27, flag, "all-subnets-local", "RFC 2132 §5.2"},
    {28, ipv4, "broadcast-address", "RFC 2132 §5.3"},
    {29, flag, "perform-mask-discovery", "RFC 2132 §5.4"},
    {30, flag, "mask-supplier", "RFC 2132 §5.5"},
    {31, flag, "router-discovery", "RFC 2132 §5.6"},
    {32, ipv4, "router-solicitation-address", "RFC 2132 §5.7"},
    {33, ipv4_pairs, "static-routes", "RFC 2132 §5.8"},
    {34, flag, "trailer-encapsulation", "RFC 2132 §6.1"},
    {35, u32, "arp-cache-timeout", "RFC 2132 §6.2"},
    {36, flag, "ieee802-3-encapsulation", "RFC 2132 §6.3"},
    {37, u8, "default-tcp-ttl", "RFC 2132 §7.1"},
    {38, u32, "tcp-keepalive-interval", "RFC 2132 §7.2"},
    {39, flag, "tcp-keepalive-garbage", "RFC 2132 §7.3"},
    {40, text, "nis-domain", "RFC 2132 §8.1"},
    {41, ipv4_list, "nis-servers", "RFC 2132 §8.2"},
    {42, ipv4_list, "ntp-servers", "RFC 2132 §8.3"},
    {43, nested, "vendor-encapsulated-options", "RFC 2132 §8.4"},
    {44, ipv4_list, "netbios-name-servers", "RFC 2132 §8.5"},
    {45, ipv4_list, "netbios-dd-server", "RFC 2132 §8.6"},
    {46, u8, "netbios-node-type", "RFC 2132 §8.7"},
    {47, text, "netbios-scope", "RFC 2132 §8.8"},
    {48, ipv4_list, "font-servers", "RFC 2132 §8.9"},
    {49, ipv4_list, "x-display-manager", "RFC 2132 §8.10"},
    {50, ipv4, "dhcp-requested-address", "RFC 2132 §9.1"},
    {51, seconds, "dhcp-lease-time", "RFC 2132 §9.2"},
    {52, u8, "dhcp-option-overload", "RFC 2132 §9.3"},
    {53, message_type, "dhcp-message-type", "RFC 2132 §9.6"},
    {54, ipv4, "dhcp-server-identifier", "RFC 2132 §9.7"},
    {55, u8_list, "dhcp-parameter-request-list", "RFC 2132 §9.8"},
    {56, text, "dhcp-message", "RFC 2132 §9.9"},
    {57, u16, "dhcp-max-message-size", "RFC 2132 §9.10"},
    {58, seconds, "dhcp-renewal-time", "RFC 2132 §9.11"},
    {59, seconds, "dhcp-rebinding-time", "RFC 2132 §9.12"},
    {60, text, "vendor-class-identifier", "RFC 2132 §9.13"},
    {61, bytes, "dhcp-client-identifier", "RFC 2132 §9.14"},
    {62, text, "nwip-domain", "RFC 2242"},
    {63, nested, "nwip-suboptions", "RFC 2242"},
    {64, text, "nisplus-domain", "RFC 2132 §8.11"},
    {65, ipv4_list, "nisplus-servers", "RFC 2132 §8.12"},
    {66, text, "tftp-server-name", "RFC 2132 §9.4"},
    {67, text, "bootfile-name", "RFC 2132 §9.5"},
    {68, ipv4_list, "mobile-ip-home-agent", "RFC 2132 §8.13"},
    {69, ipv4_list, "smtp-server", "RFC 2132 §8.14"},
    {70, ipv4_list, "pop-server", "RFC 2132 §8.15"},
    {71, ipv4_list, "nntp-server", "RFC 2132 §8.16"},
    {72, ipv4_list, "www-server", "RFC 2132 §8.17"},
    {73, ipv4_list, "finger-server", "RFC 2132 §8.18"},
    {74, ipv4_list, "irc-server", "RFC 2132 §8.19"},
    {75, ipv4_list, "streettalk-server", "RFC 2132 §8.20"},
    {76, ipv4_list, "streettalk-directory-assistance-server", "RFC 2132 §8.21"},
    {77, bytes, "user-class", "RFC 3004"},
    {78, bytes, "slp-directory-agent", "RFC 2610 §3"},
    {79, bytes, "slp-service-scope", "RFC 2610 §4"},
    {80, empty, "rapid-commit", "RFC 4039 §4"},
    {81, bytes, "fqdn", "RFC 4702"},
    {82, nested, "relay-agent-information", "RFC 3046"},
    {85, ipv4_list, "nds-servers", "RFC 2241 §2"},
    {86, text, "nds-tree-name", "RFC 2241 §3"},
    {87, text, "nds-context", "RFC 2241 §4"},
    {88, domain_list, "bcms-controller-names", "RFC 4280 §4.1"},
    {89, ipv4_list, "bcms-controller-address", "RFC 4280 §4.3"},
    {90, bytes, "authentication", "RFC 3118 §2"},
    {91, seconds, "client-last-transaction-time", "RFC 4388 §6.1"},
    {92, ipv4_list, "associated-ip", "RFC 4388 §6.1"},
    {93, u16_list, "pxe-system-type", "RFC 4578 §2.1"},
    {94, bytes, "pxe-interface-id", "RFC 4578 §2.2"},
    {97, bytes, "pxe-client-id", "RFC 4578 §2.3"},
    {98, text, "uap-servers", "RFC 2485"},
    {99, bytes, "geoconf-civic", "RFC 4776"},
    {100, text, "pcode", "RFC 4833 §2"},
    {101, text, "tcode", "RFC 4833 §2"},
    {108, seconds, "v6-only-preferred", "RFC 8925 §3.1"},
    {112, ipv4_list, "netinfo-server-address", "RFC 3679"},
    {113, text, "netinfo-server-tag", "RFC 3679"},
    {114, text, "captive-portal", "RFC 8910 §2.1"},
    {116, u8, "auto-config", "RFC 2563 §2"},
    {117, u16_list, "name-service-search", "RFC 2937"},
    {118, ipv4, "subnet-selection", "RFC 3011"},
    {119, domain_list, "domain-search", "RFC 3397"},
    {120, bytes, "sip-servers", "RFC 3361 §3"},
    {121, routes, "classless-static-routes", "RFC 3442"},
    {122, nested, "cablelabs-client-configuration", "RFC 3495"},
    {123, bytes, "geoconf", "RFC 6225"},
    {124, bytes, "vivco", "RFC 3925 §3"},
    {125, bytes, "vivso", "RFC 3925 §4"},
    {136, ipv4_list, "pana-agent", "RFC 5192"},
    {137, domain_list, "v4-lost", "RFC 5223"},
    {138, ipv4_list, "capwap-ac-v4", "RFC 5417"},
    {139, nested, "ipv4-address-mos", "RFC 5678"},
    {140, nested, "ipv4-fqdn-mos", "RFC 5678"},
    {141, domain_list, "sip-ua-cs-domains", "RFC 6011"},
    {142, ipv4_list, "ipv4-address-andsf", "RFC 6153"},
    {143, bytes, "v4-sztp-redirect", "RFC 8572 §8.1"},
    {145, u8_list, "forcerenew-nonce-capable", "RFC 6704"},
    {146, bytes, "rdnss-selection", "RFC 6731 §4.3"},
    {150, ipv4_list, "tftp-server-address", "RFC 5859"},
    {151, bytes, "status-code", "RFC 6926 §6.2"},
    {152, u32, "base-time", "RFC 6926 §6.2"},
    {153, seconds, "start-time-of-state", "RFC 6926 §6.2"},
    {154, u32, "query-start-time", "RFC 6926 §6.2"},
    {155, u32, "query-end-time", "RFC 6926 §6.2"},
    {156, u8, "dhcp-state", "RFC 6926 §6.2"},
    {157, u8, "data-source", "RFC 6926 §6.2"},
    {158, bytes, "v4-pcp-server", "RFC 7291 §4"},
    {159, bytes, "v4-portparams", "RFC 7618"},
    {161, text, "mud-url", "RFC 8520 §10"},
    {162, bytes, "v4-dnr", "RFC 9463 §5"},
    {175, nested, "ipxe-encap-opts", "iPXE, dhcp.h"},
    {208, u32, "pxelinux-magic", "RFC 5071 §3"},
    {209, text, "loader-configfile", "RFC 5071 §4"},
    {210, text, "loader-pathprefix", "RFC 5071 §5"},
    {211, seconds, "loader-reboottime", "RFC 5071 §6"},
    {212, bytes, "option-6rd", "RFC 5969 §7.1.1"},
    {213, domain_list, "v4-access-domain", "RFC 5986"},
    {220, bytes, "subnet-allocation", "RFC 6656"},
    {221, bytes, "virtual-subnet-selection", "RFC 6607"},
    {249, routes, "ms-classless-static-routes", "Microsoft MS-DHCPE"},
    {252, text, "wpad-url", "draft-ietf-wrec-wpad"},
};

struct Alias {
  std::string_view other;
  std::string_view name;
};
/// What people know from Kea, dnsmasq, iPXE and from older versions of dhcpd.
constexpr Alias aliases[] = {
    {"arch", "pxe-system-type"},
    {"boot-file", "bootfile-name"},
    {"boot-file-name", "bootfile-name"},
    {"classless-static-route", "classless-static-routes"},
    {"client-arch", "pxe-system-type"},
    {"client-ndi", "pxe-interface-id"},
    {"dhcp-agent-options", "relay-agent-information"},
    {"dns", "domain-name-servers"},
    {"dns-server", "domain-name-servers"},
    {"dns-servers", "domain-name-servers"},
    {"domain", "domain-name"},
    {"domain-search-list", "domain-search"},
    {"filename", "bootfile-name"},
    {"hostname", "host-name"},
    {"lease-time", "dhcp-lease-time"},
    {"mtu", "interface-mtu"},
    {"name-servers", "ien116-name-servers"},
    {"netmask", "subnet-mask"},
    {"nisplus-domain-name", "nisplus-domain"},
    {"ntp", "ntp-servers"},
    {"ntp-server", "ntp-servers"},
    {"parameter-request-list", "dhcp-parameter-request-list"},
    {"pxelinux-configfile", "loader-configfile"},
    {"pxelinux-pathprefix", "loader-pathprefix"},
    {"pxelinux-reboottime", "loader-reboottime"},
    {"rfc3442-classless-static-routes", "classless-static-routes"},
    {"router", "routers"},
    {"server-id", "dhcp-server-identifier"},
    {"time-server", "time-servers"},
    {"uuid-guid", "pxe-client-id"},
    {"v4-captive-portal", "captive-portal"},
    {"vendor-class", "vendor-class-identifier"},
    {"vendor-options", "vendor-encapsulated-options"},
};

constexpr bool ascending() {
  for (std::size_t i = 1; i < std::size(table); ++i) {
    if (table[i - 1].code >= table[i].code) return false;
  }
  return true;
}
static_assert(ascending());

/// Where each code stands in the table, plus one; 0: nowhere.
constexpr auto index_by_code = [] {
  std::array<std::uint8_t, 256> index{};
  for (std::size_t i = 0; i < std::size(table); ++i) index[table[i].code] = static_cast<std::uint8_t>(i + 1);
  return index;
}();

}  // namespace

std::span<const OptionInfo> option_table() {
  return table;
}

const OptionInfo* find_option(std::uint8_t code) {
  std::uint8_t index = index_by_code[code];
  return index == 0 ? nullptr : &table[index - 1];
}

const OptionInfo* find_option(std::string_view name) {
  for (const Alias& alias : aliases) {
    if (alias.other == name) name = alias.name;
  }
  auto found = std::find_if(std::begin(table), std::end(table),
                            [name](const OptionInfo& info) { return info.name == name; });
  return found == std::end(table) ? nullptr : found;
}

std::string_view to_string(MessageType type) {
  switch (type) {
    case MessageType::discover:
      return "DHCPDISCOVER";
    case MessageType::offer:
      return "DHCPOFFER";
    case MessageType::request:
      return "DHCPREQUEST";
    case MessageType::decline:
      return "DHCPDECLINE";
    case MessageType::ack:
      return "DHCPACK";
    case MessageType::nak:
      return "DHCPNAK";
    case MessageType::release:
      return "DHCPRELEASE";
    case MessageType::inform:
      return "DHCPINFORM";
    case MessageType::lease_query:
      return "DHCPLEASEQUERY";
    case MessageType::lease_unassigned:
      return "DHCPLEASEUNASSIGNED";
    case MessageType::lease_unknown:
      return "DHCPLEASEUNKNOWN";
    case MessageType::lease_active:
      return "DHCPLEASEACTIVE";
  }
  return {};
}

}  // namespace slipway::wire
