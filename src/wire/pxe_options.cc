// SPDX-License-Identifier: MPL-2.0
#include "wire/pxe_options.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace slipway::wire {
namespace {

constexpr std::uint8_t uuid_type = 0;  // RFC 4578 §2.3

std::string text_of(ByteView bytes) {
  return *OptionCodec<std::string>::decode(bytes);
}

bool read_boot_servers(ByteReader in, std::vector<PxeOptions::BootServer>& servers) {
  while (in.ok() && !in.at_end()) {
    PxeOptions::BootServer server;
    server.type = in.u16();
    std::uint8_t count = in.u8();
    for (int i = 0; in.ok() && i < count; ++i) server.addresses.push_back({in.u32()});
    servers.push_back(std::move(server));
  }
  return in.ok();
}

bool read_menu(ByteReader in, std::vector<PxeOptions::MenuItem>& menu) {
  while (in.ok() && !in.at_end()) {
    PxeOptions::MenuItem item;
    item.type = in.u16();
    item.text = text_of(in.take(in.u8()));
    menu.push_back(std::move(item));
  }
  return in.ok();
}

bool read_suboption(std::uint8_t code, ByteView value, PxeOptions& options) {
  ByteReader in(value);
  switch (code) {
    case PxeOptions::discovery_control_code:
      options.discovery_control = in.u8();
      return in.ok();
    case PxeOptions::boot_servers_code:
      return read_boot_servers(in, options.boot_servers);
    case PxeOptions::boot_menu_code:
      return read_menu(in, options.boot_menu);
    case PxeOptions::menu_prompt_code:
      options.menu_prompt = PxeOptions::Prompt{in.u8(), text_of(in.take_rest())};
      return in.ok();
    case PxeOptions::boot_item_code:
      options.boot_item = PxeOptions::BootItem{in.u16(), in.u16()};
      return in.ok();
    default:
      return true;
  }
}

/// Exactly "classes of length and text" to the last byte, or nothing.
std::optional<std::vector<std::string>> length_prefixed(ByteView bytes) {
  std::vector<std::string> classes;
  ByteReader in(bytes);
  while (in.ok() && !in.at_end()) {
    std::uint8_t length = in.u8();
    if (length == 0) return std::nullopt;  // RFC 3004 §4: at least one byte
    classes.push_back(text_of(in.take(length)));
  }
  if (!in.ok()) return std::nullopt;
  return classes;
}

}  // namespace

std::optional<PxeOptions> parse_pxe_options(ByteView option_43) {
  auto suboptions = parse_suboptions(option_43);
  if (!suboptions) return std::nullopt;
  PxeOptions options;
  for (auto [code, value] : suboptions->entries()) {
    if (!read_suboption(code, value, options)) return std::nullopt;
  }
  return options;
}

Bytes encode_pxe_options(const PxeOptions& options) {
  Options out;
  if (options.discovery_control) {
    out.set_raw(PxeOptions::discovery_control_code, {*options.discovery_control});
  }
  ByteWriter servers;
  for (const auto& server : options.boot_servers) {
    servers.u16(server.type);
    servers.u8(static_cast<std::uint8_t>(server.addresses.size()));
    for (Ipv4 address : server.addresses) servers.u32(address.value);
  }
  if (servers.size() > 0) out.set_raw(PxeOptions::boot_servers_code, std::move(servers).take());
  ByteWriter menu;
  for (const auto& item : options.boot_menu) {
    menu.u16(item.type);
    std::string_view text = std::string_view(item.text).substr(0, max_option_piece);
    menu.u8(static_cast<std::uint8_t>(text.size()));
    menu.text(text);
  }
  if (menu.size() > 0) out.set_raw(PxeOptions::boot_menu_code, std::move(menu).take());
  if (options.menu_prompt) {
    ByteWriter prompt;
    prompt.u8(options.menu_prompt->timeout);
    prompt.text(options.menu_prompt->text);
    out.set_raw(PxeOptions::menu_prompt_code, std::move(prompt).take());
  }
  if (options.boot_item) {
    ByteWriter item;
    item.u16(options.boot_item->type);
    item.u16(options.boot_item->layer);
    out.set_raw(PxeOptions::boot_item_code, std::move(item).take());
  }
  Bytes bytes = encode_suboptions(out);
  bytes.push_back(option_end);
  return bytes;
}

std::optional<Uuid> parse_client_uuid(ByteView option_97) {
  Uuid uuid;
  if (option_97.size() != 1 + uuid.bytes.size() || option_97[0] != uuid_type) return std::nullopt;
  std::copy(option_97.begin() + 1, option_97.end(), uuid.bytes.begin());
  return uuid;
}

Bytes encode_client_uuid(const Uuid& uuid) {
  Bytes bytes{uuid_type};
  bytes.insert(bytes.end(), uuid.bytes.begin(), uuid.bytes.end());
  return bytes;
}

std::vector<std::string> parse_user_class(ByteView option_77) {
  if (auto classes = length_prefixed(option_77)) return *std::move(classes);
  std::string text = text_of(option_77);
  if (text.empty()) return {};
  return {std::move(text)};
}

std::optional<VendorClass> parse_vendor_class(std::string_view option_60) {
  constexpr std::string_view arch_mark = ":Arch:", undi_mark = ":UNDI:";
  VendorClass result;
  result.name = option_60.substr(0, option_60.find(':'));
  if (result.name != "PXEClient" && result.name != "HTTPClient") return std::nullopt;
  if (std::size_t at = option_60.find(arch_mark); at != option_60.npos) {
    std::string_view digits = option_60.substr(at + arch_mark.size());
    digits = digits.substr(0, digits.find(':'));
    std::uint16_t arch = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), arch);
    if (error == std::errc{} && end == digits.data() + digits.size()) result.arch = arch;
  }
  if (std::size_t at = option_60.find(undi_mark); at != option_60.npos) {
    result.undi = option_60.substr(at + undi_mark.size());
  }
  return result;
}

bool IpxeOptions::has(Feature feature) const {
  return std::binary_search(features.begin(), features.end(), feature);
}

std::optional<IpxeOptions> parse_ipxe_options(ByteView option_175) {
  auto suboptions = parse_suboptions(option_175);
  if (!suboptions) return std::nullopt;
  IpxeOptions options;
  for (auto [code, value] : suboptions->entries()) {
    constexpr std::uint8_t first_feature = 0x10, last_feature = 0x4f;
    // The value is the feature's version; iPXE leaves out what it was built without.
    if (code >= first_feature && code <= last_feature && value.size() == 1 && value[0] != 0) {
      options.features.push_back(code);
    }
    if (code == IpxeOptions::version_code && value.size() == 3) {
      options.version = fmt::format("{}.{}.{}", value[0], value[1], value[2]);
    }
  }
  std::sort(options.features.begin(), options.features.end());
  return options;
}

std::string_view to_string(IpxeOptions::Feature feature) {
  switch (feature) {
    case IpxeOptions::pxe_extensions:
      return "pxe-extensions";
    case IpxeOptions::iscsi:
      return "iscsi";
    case IpxeOptions::aoe:
      return "aoe";
    case IpxeOptions::http:
      return "http";
    case IpxeOptions::https:
      return "https";
    case IpxeOptions::tftp:
      return "tftp";
    case IpxeOptions::ftp:
      return "ftp";
    case IpxeOptions::dns:
      return "dns";
    case IpxeOptions::bzimage:
      return "bzimage";
    case IpxeOptions::multiboot:
      return "multiboot";
    case IpxeOptions::srp:
      return "srp";
    case IpxeOptions::nbi:
      return "nbi";
    case IpxeOptions::pxe:
      return "pxe";
    case IpxeOptions::elf:
      return "elf";
    case IpxeOptions::comboot:
      return "comboot";
    case IpxeOptions::efi:
      return "efi";
    case IpxeOptions::fcoe:
      return "fcoe";
    case IpxeOptions::vlan:
      return "vlan";
    case IpxeOptions::menu:
      return "menu";
    case IpxeOptions::sdi:
      return "sdi";
    case IpxeOptions::nfs:
      return "nfs";
    case IpxeOptions::multiboot2:
      return "multiboot2";
  }
  return {};
}

}  // namespace slipway::wire
