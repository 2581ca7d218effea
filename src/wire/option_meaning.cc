// SPDX-License-Identifier: MPL-2.0
// What the bytes of an option mean beyond their type, as lines below it: sub-options by their names, what
// firmware and vendors put into options of their own.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/hex.h"
#include "base/printable.h"
#include "wire/dump.h"
#include "wire/pxe_options.h"

namespace slipway::wire {
namespace {

using Lines = std::vector<std::string>;

enum class Shape { bytes, text, addresses, number };

/// A sub-option of an option that holds others.
struct Suboption {
  std::uint8_t code;
  Shape shape;
  std::string_view name;
};

bool is_printable(ByteView value) {
  return !value.empty() && std::all_of(value.begin(), value.end(),
                                       [](std::uint8_t byte) { return byte >= ' ' && byte <= '~'; });
}

std::string shaped(ByteView value, Shape shape) {
  if (shape == Shape::addresses) {
    auto list = OptionCodec<std::vector<Ipv4>>::decode(value);
    std::string text;
    for (Ipv4 address : list.value_or(std::vector<Ipv4>{}))
      text += (text.empty() ? "" : ", ") + address.to_string();
    if (!text.empty()) return text;
  }
  if (shape == Shape::number && !value.empty() && value.size() <= 4) {
    std::uint32_t number = 0;
    for (std::uint8_t byte : value) number = number << 8 | byte;
    return fmt::format("{}", number);
  }
  bool as_text = shape == Shape::text || is_printable(value);
  std::string text = as_text ? fmt::format(" \"{}\"", printable(slipway::as_text(value))) : "";
  return fmt::format("hex:{}{}", to_hex(value), text);
}

/// Every sub-option by its name; one that the table does not know by its number.
Lines suboption_lines(ByteView value, std::span<const Suboption> names) {
  auto options = parse_suboptions(value);
  if (!options) return {"malformed"};
  Lines lines;
  for (auto [code, content] : options->entries()) {
    auto row =
        std::find_if(names.begin(), names.end(), [&, code = code](auto& name) { return name.code == code; });
    lines.push_back(row == names.end()
                        ? fmt::format("{}: {}", code, shaped(content, Shape::bytes))
                        : fmt::format("{} {}: {}", code, row->name, shaped(content, row->shape)));
  }
  return lines;
}

// https://www.iana.org/assignments/bootp-dhcp-parameters, "Relay Agent Sub-options"
constexpr Suboption relay_agent[] = {
    {1, Shape::bytes, "circuit-id"},                          // RFC 3046 §3.1
    {2, Shape::bytes, "remote-id"},                           // RFC 3046 §3.2
    {4, Shape::number, "docsis-device-class"},                // RFC 3256
    {5, Shape::addresses, "link-selection"},                  // RFC 3527
    {6, Shape::text, "subscriber-id"},                        // RFC 3993
    {7, Shape::bytes, "radius-attributes"},                   // RFC 4014
    {8, Shape::bytes, "authentication"},                      // RFC 4030
    {9, Shape::bytes, "vendor-specific"},                     // RFC 4243
    {10, Shape::number, "flags"},                             // RFC 5010
    {11, Shape::addresses, "server-id-override"},             // RFC 5107
    {12, Shape::bytes, "relay-agent-id"},                     // RFC 6925
    {19, Shape::bytes, "relay-source-port"},                  // RFC 8357
    {151, Shape::bytes, "virtual-subnet-selection"},          // RFC 6607
    {152, Shape::bytes, "virtual-subnet-selection-control"},  // RFC 6607
};

// PXE 2.1 table 2-1, those that are not shown as what they mean.
constexpr Suboption pxe[] = {
    {1, Shape::addresses, "mtftp-address"},  {2, Shape::number, "mtftp-client-port"},
    {3, Shape::number, "mtftp-server-port"}, {4, Shape::number, "mtftp-timeout"},
    {5, Shape::number, "mtftp-delay"},       {7, Shape::addresses, "discovery-multicast-address"},
    {12, Shape::bytes, "credential-types"},
};

// Microsoft, [MS-DHCPE] §2.2.3
constexpr Suboption microsoft[] = {
    {1, Shape::number, "netbios-over-tcp"},
    {2, Shape::number, "release-on-shutdown"},
    {3, Shape::number, "default-router-metric"},
};

// Oracle and illumos, dhcp_inittab(5), the vendor options of SUNW clients
constexpr Suboption sun[] = {
    {1, Shape::text, "root-mount-options"},
    {2, Shape::addresses, "root-server-address"},
    {3, Shape::text, "root-server-name"},
    {4, Shape::text, "root-path"},
    {5, Shape::addresses, "swap-server"},
    {6, Shape::text, "swap-path"},
    {7, Shape::text, "boot-file"},
    {8, Shape::text, "time-zone"},
    {9, Shape::number, "boot-read-size"},
    {10, Shape::addresses, "install-server-address"},
    {11, Shape::text, "install-server-name"},
    {12, Shape::text, "install-path"},
    {13, Shape::text, "sysid-config-path"},
    {14, Shape::text, "jumpstart-path"},
    {15, Shape::text, "terminal"},
    {16, Shape::text, "boot-uri"},
    {17, Shape::text, "http-proxy"},
};

constexpr Suboption cisco_ap[] = {{241, Shape::addresses, "controllers"}};

Lines pxe_lines(ByteView value) {
  auto known = parse_pxe_options(value);
  if (!known) return suboption_lines(value, pxe);
  Lines lines;
  if (known->discovery_control)
    lines.push_back(fmt::format("discovery control {}", *known->discovery_control));
  for (const auto& server : known->boot_servers) {
    std::string line = fmt::format("boot server type {}:", server.type);
    for (Ipv4 address : server.addresses) line += " " + address.to_string();
    lines.push_back(line);
  }
  for (const auto& item : known->boot_menu) {
    lines.push_back(fmt::format("menu item type {}: \"{}\"", item.type, printable(item.text)));
  }
  if (const auto& prompt = known->menu_prompt) {
    lines.push_back(fmt::format("menu prompt, {} s: \"{}\"", prompt->timeout, printable(prompt->text)));
  }
  if (const auto& item = known->boot_item) {
    lines.push_back(fmt::format("boot item type {}, layer {}", item->type, item->layer));
  }
  auto all = parse_suboptions(value);
  if (!all) return lines;
  for (std::uint8_t code : std::initializer_list<std::uint8_t>{6, 8, 9, 10, 71})
    all->remove(code);  // those above
  for (std::string& line : suboption_lines(encode_suboptions(*all), pxe)) lines.push_back(std::move(line));
  return lines;
}

/// Only the vendor class says what the bytes of option 43 mean.
Lines vendor_lines(ByteView value, const DhcpMessage& message) {
  struct Vendor {
    std::string_view begins;
    std::span<const Suboption> names;
  };
  const Vendor vendors[] = {{"MSFT", microsoft}, {"SUNW", sun}, {"Cisco AP", cisco_ap}};
  std::string vendor_class = message.options.get<opt::VendorClass>().value_or(std::string{});
  if (vendor_class.starts_with("PXEClient")) return pxe_lines(value);
  for (const Vendor& vendor : vendors) {
    if (vendor_class.starts_with(vendor.begins)) return suboption_lines(value, vendor.names);
  }
  return suboption_lines(value, {});
}

Lines ipxe_lines(ByteView value) {
  auto ipxe = parse_ipxe_options(value);
  if (!ipxe) return {};
  Lines names;
  for (std::uint8_t code : ipxe->features) {
    auto name = to_string(IpxeOptions::Feature{code});
    names.push_back(name.empty() ? fmt::format("feature {:#04x}", code) : std::string(name));
  }
  Lines lines;
  if (!ipxe->version.empty()) lines.push_back("version " + ipxe->version);
  if (!names.empty()) lines.push_back(fmt::format("features {}", fmt::join(names, " ")));
  return lines;
}

Lines user_class_lines(ByteView value) {
  Lines lines;
  for (const std::string& name : parse_user_class(value)) {
    lines.push_back(fmt::format("\"{}\"", printable(name)));
  }
  return lines;
}

Lines uuid_lines(ByteView value) {
  auto uuid = parse_client_uuid(value);
  return uuid ? Lines{uuid->to_string()} : Lines{};
}

Lines parameter_lines(ByteView value) {
  Lines names;
  for (std::uint8_t code : value) {
    const OptionInfo* info = find_option(code);
    names.push_back(info ? std::string(info->name) : fmt::format("{}", code));
  }
  return {fmt::format("{}", fmt::join(names, " "))};
}

/// RFC 2132 §9.14: a hardware type and an address; RFC 4361 §6.1: 255, IAID and DUID; else what it likes.
Lines client_id_lines(ByteView value) {
  constexpr std::size_t ethernet_size = 7, node_specific_head = 5;
  if (value.size() == ethernet_size && value[0] == 1) return {"Ethernet " + to_hex(value.subspan(1), ":")};
  if (value.size() > node_specific_head && value[0] == 255) {
    return {fmt::format("IAID {}, DUID {}", to_hex(value.subspan(1, 4)), to_hex(value.subspan(5), ":"))};
  }
  if (value.size() > 1 && value[0] == 0 && is_printable(value.subspan(1))) {
    return {fmt::format("\"{}\"", printable(as_text(value.subspan(1))))};
  }
  return is_printable(value) ? Lines{fmt::format("\"{}\"", printable(as_text(value)))} : Lines{};
}

/// RFC 3925: for each enterprise its number and a length; of option 125 there are sub-options within.
Lines enterprise_lines(ByteView value, bool with_suboptions) {
  Lines lines;
  ByteReader in(value);
  while (!in.at_end()) {
    std::uint32_t enterprise = in.u32();
    ByteView data = in.take(in.u8());
    if (!in.ok()) {
      lines.push_back("malformed");
      break;
    }
    if (!with_suboptions) {
      lines.push_back(fmt::format("enterprise {}: {}", enterprise, shaped(data, Shape::bytes)));
      continue;
    }
    lines.push_back(fmt::format("enterprise {}", enterprise));
    for (const std::string& line : suboption_lines(data, {})) lines.push_back("  " + line);
  }
  return lines;
}

/// RFC 4702 §2: flags, two bytes out of use, the name; encoded as in DNS where the flag E is set.
Lines fqdn_lines(ByteView value) {
  constexpr std::size_t head = 3;
  constexpr std::uint8_t encoded = 4;
  if (value.size() < head) return {"malformed"};
  std::string flags;
  for (auto [bit, name] : {std::pair{1, 'S'}, {2, 'O'}, {4, 'E'}, {8, 'N'}}) {
    if (value[0] & bit) flags += name;
  }
  std::string name;
  ByteReader in(value.subspan(head));
  if (value[0] & encoded) {
    while (in.ok() && !in.at_end()) {
      ByteView label = in.take(in.u8());
      if (!label.empty()) name += (name.empty() ? "" : ".") + printable(as_text(label));
    }
  } else {
    name = printable(as_text(in.take_rest()));
  }
  return {fmt::format("\"{}\"{}{}", name, flags.empty() ? "" : ", flags ", flags)};
}

/// RFC 4578 §2.2: type 1 is UNDI, then its version.
Lines interface_lines(ByteView value) {
  if (value.size() != 3 || value[0] != 1) return {};
  return {fmt::format("UNDI {}.{}", value[1], value[2])};
}

}  // namespace

std::vector<std::string> option_meaning(std::uint8_t code, ByteView value, const DhcpMessage& message) {
  switch (code) {
    case opt::VendorOptions::code:
      return vendor_lines(value, message);
    case opt::ParameterList::code:
      return parameter_lines(value);
    case opt::ClientId::code:
      return client_id_lines(value);
    case opt::UserClass::code:
      return user_class_lines(value);
    case 81:
      return fqdn_lines(value);
    case opt::RelayAgent::code:
      return suboption_lines(value, relay_agent);
    case opt::ClientInterface::code:
      return interface_lines(value);
    case opt::ClientUuid::code:
      return uuid_lines(value);
    case 124:
      return enterprise_lines(value, false);
    case 125:
      return enterprise_lines(value, true);
    case opt::IpxeFeatures::code:
      return ipxe_lines(value);
    default:
      return {};
  }
}

}  // namespace slipway::wire
