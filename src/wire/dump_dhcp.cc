// SPDX-License-Identifier: MPL-2.0
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/hex.h"
#include "base/printable.h"
#include "wire/dump.h"
#include "wire/pxe_options.h"

namespace slipway::wire {
namespace {

std::string kind_of(const DhcpMessage& message) {
  if (auto type = message.options.get<opt::MessageType>()) return std::string(to_string(*type));
  if (!message.is_bootp()) return "DHCP message of an unknown type";
  return message.op == Op::boot_request ? "BOOTREQUEST" : "BOOTREPLY";
}

std::string hardware_address(const DhcpMessage& message) {
  if (auto mac = message.mac()) return mac->to_string();
  std::size_t length = std::min<std::size_t>(message.hlen, message.chaddr.size());
  return fmt::format("{} (hardware type {})", to_hex(ByteView(message.chaddr).first(length), ":"),
                     message.htype);
}

/// Lines below an option: what its bytes mean to firmware.
using Lines = std::vector<std::string>;

Lines pxe_lines(ByteView value) {
  Lines lines;
  auto pxe = parse_pxe_options(value);
  if (!pxe) return lines;
  if (pxe->discovery_control) lines.push_back(fmt::format("discovery control {}", *pxe->discovery_control));
  for (const auto& server : pxe->boot_servers) {
    std::string line = fmt::format("boot server type {}:", server.type);
    for (Ipv4 address : server.addresses) line += " " + address.to_string();
    lines.push_back(line);
  }
  for (const auto& item : pxe->boot_menu) {
    lines.push_back(fmt::format("menu item type {}: \"{}\"", item.type, printable(item.text)));
  }
  if (const auto& prompt = pxe->menu_prompt) {
    lines.push_back(fmt::format("menu prompt, {} s: \"{}\"", prompt->timeout, printable(prompt->text)));
  }
  if (const auto& item = pxe->boot_item) {
    lines.push_back(fmt::format("boot item type {}, layer {}", item->type, item->layer));
  }
  return lines;
}

Lines ipxe_lines(ByteView value) {
  auto ipxe = parse_ipxe_options(value);
  if (!ipxe) return {};
  std::vector<std::string> names;
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

Lines suboption_lines(ByteView value) {
  Lines lines;
  auto options = parse_suboptions(value);
  if (!options) return {"malformed"};
  for (auto [code, content] : options->entries()) {
    lines.push_back(fmt::format("{}: hex:{}", code, to_hex(content)));
  }
  return lines;
}

Lines parameter_lines(ByteView value) {
  Lines names;
  for (std::uint8_t code : value) {
    const OptionInfo* info = find_option(code);
    names.push_back(info ? std::string(info->name) : fmt::format("{}", code));
  }
  return {fmt::format("{}", fmt::join(names, " "))};
}

/// Only where firmware says it speaks PXE do bytes of option 43 mean what PXE says.
Lines meaning(std::uint8_t code, ByteView value, const DhcpMessage& message) {
  switch (code) {
    case opt::VendorOptions::code: {
      auto vendor = message.options.get<opt::VendorClass>();
      bool pxe = vendor && vendor->compare(0, 9, "PXEClient") == 0;
      Lines lines = pxe ? pxe_lines(value) : Lines{};
      return lines.empty() ? suboption_lines(value) : lines;
    }
    case opt::ParameterList::code:
      return parameter_lines(value);
    case opt::UserClass::code:
      return user_class_lines(value);
    case opt::RelayAgent::code:
      return suboption_lines(value);
    case opt::ClientUuid::code:
      return uuid_lines(value);
    case opt::IpxeFeatures::code:
      return ipxe_lines(value);
    default:
      return {};
  }
}

std::string dump_header(const DhcpMessage& message) {
  std::string text =
      fmt::format("{} {}, xid {:08x}", kind_of(message), hardware_address(message), message.xid);
  if (message.secs != 0) text += fmt::format(", {} s", message.secs);
  if (message.hops != 0) text += fmt::format(", {} hops", message.hops);
  if (message.wants_broadcast()) text += ", broadcast";
  text += '\n';
  const std::pair<const char*, Ipv4> addresses[] = {{"ciaddr", message.ciaddr},
                                                    {"yiaddr", message.yiaddr},
                                                    {"siaddr", message.siaddr},
                                                    {"giaddr", message.giaddr}};
  for (const auto& [name, address] : addresses) {
    if (!address.is_any()) text += fmt::format("  {} {}\n", name, address.to_string());
  }
  if (!message.sname.empty()) text += fmt::format("  sname \"{}\"\n", printable(message.sname));
  if (!message.file.empty()) text += fmt::format("  file \"{}\"\n", printable(message.file));
  return text;
}

}  // namespace

std::string dump_dhcp(const DhcpMessage& message) {
  std::string text = dump_header(message);
  for (auto [code, value] : message.options.entries()) {
    const OptionInfo* info = find_option(code);
    text += fmt::format("  {:3} {}: {}\n", code, info ? info->name : "unknown", describe_option(code, value));
    for (const std::string& line : meaning(code, value, message)) text += fmt::format("        {}\n", line);
  }
  return text;
}

std::string dump_dhcp_line(const DhcpMessage& message) {
  std::string text =
      fmt::format("{} {} xid {:08x}", kind_of(message), hardware_address(message), message.xid);
  if (!message.yiaddr.is_any()) text += ", your address " + message.yiaddr.to_string();
  if (!message.giaddr.is_any()) text += ", relay " + message.giaddr.to_string();
  if (auto vendor = message.options.get<opt::VendorClass>()) text += ", " + printable(*vendor);
  if (auto value = message.options.raw(opt::UserClass::code)) {
    for (const std::string& name : parse_user_class(*value)) text += ", user class " + printable(name);
  }
  if (!message.file.empty()) text += fmt::format(", file \"{}\"", printable(message.file));
  return text;
}

}  // namespace slipway::wire
