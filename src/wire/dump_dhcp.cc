// SPDX-License-Identifier: MPL-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/printable.h"
#include "wire/dump.h"
#include "wire/pxe_options.h"

namespace slipway::wire {
namespace {

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

std::string kind_of(const DhcpMessage& message) {
  if (auto type = message.options.get<opt::MessageType>()) return std::string(to_string(*type));
  auto type = message.options.raw(opt::MessageType::code);
  if (!type) return message.op == Op::boot_request ? "BOOTREQUEST" : "BOOTREPLY";
  if (type->size() != 1) return "DHCP message without a type";
  // Those this program neither sends nor takes: RFC 3203, RFC 6926, RFC 7724.
  constexpr std::pair<std::uint8_t, const char*> others[] = {
      {9, "DHCPFORCERENEW"},        {14, "DHCPBULKLEASEQUERY"},   {15, "DHCPLEASEQUERYDONE"},
      {16, "DHCPACTIVELEASEQUERY"}, {17, "DHCPLEASEQUERYSTATUS"}, {18, "DHCPTLS"}};
  for (const auto& [code, name] : others) {
    if (type->front() == code) return name;
  }
  return fmt::format("DHCP message of unknown type {}", type->front());
}

std::string hardware_address(const DhcpMessage& message) {
  if (auto mac = message.mac()) return mac->to_string();
  std::size_t length = std::min<std::size_t>(message.hlen, message.chaddr.size());
  return fmt::format("{} (hardware type {})", to_hex(ByteView(message.chaddr).first(length), ":"),
                     message.htype);
}

std::string dump_dhcp(const DhcpMessage& message) {
  std::string text = dump_header(message);
  for (auto [code, value] : message.options.entries()) {
    const OptionInfo* info = find_option(code);
    text += fmt::format("  {:3} {}: {}\n", code, info ? info->name : "unknown", describe_option(code, value));
    for (const std::string& line : option_meaning(code, value, message))
      text += fmt::format("        {}\n", line);
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
