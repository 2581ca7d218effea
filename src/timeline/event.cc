// SPDX-License-Identifier: MPL-2.0
#include "timeline/event.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/printable.h"
#include "base/quantity.h"

namespace slipway::timeline {
namespace {

struct KindWords {
  Kind kind;
  std::string_view name;
  std::string_view line;  ///< of `describe`
};

constexpr KindWords kinds[] = {
    {Kind::dhcp_discover, "dhcp_discover", "DHCPDISCOVER"},
    {Kind::dhcp_offer, "dhcp_offer", "DHCPOFFER"},
    {Kind::dhcp_request, "dhcp_request", "DHCPREQUEST"},
    {Kind::dhcp_ack, "dhcp_ack", "DHCPACK"},
    {Kind::dhcp_nak, "dhcp_nak", "DHCPNAK"},
    {Kind::dhcp_decline, "dhcp_decline", "DHCPDECLINE"},
    {Kind::dhcp_release, "dhcp_release", "DHCPRELEASE"},
    {Kind::dhcp_inform, "dhcp_inform", "DHCPINFORM"},
    {Kind::dhcp_unknown, "dhcp_unknown", "DHCP message of an unknown type"},
    {Kind::dhcp_dropped, "dhcp_dropped", "DHCP packet not answered"},
    {Kind::proxy_offer, "proxy_offer", "proxyDHCP offer"},
    {Kind::proxy_request, "proxy_request", "proxyDHCP request"},
    {Kind::proxy_ack, "proxy_ack", "proxyDHCP answer"},
    {Kind::bootp_request, "bootp_request", "BOOTP request"},
    {Kind::bootp_reply, "bootp_reply", "BOOTP reply"},
    {Kind::address_in_use, "address_in_use", "the address is in use elsewhere"},
    {Kind::lease_query, "lease_query", "DHCPLEASEQUERY"},
    {Kind::lease_query_answer, "lease_query_answer", "lease query answered"},
    {Kind::lease_granted, "lease_granted", "lease granted"},
    {Kind::lease_expired, "lease_expired", "lease expired"},
    {Kind::router_solicited, "router_solicited", "asked for an IPv6 router"},
    {Kind::tftp_started, "tftp_started", "TFTP begins"},
    {Kind::tftp_finished, "tftp_finished", "TFTP delivered"},
    {Kind::tftp_probed, "tftp_probed", "TFTP asked for the size alone"},
    {Kind::tftp_failed, "tftp_failed", "TFTP broke off"},
    {Kind::tftp_refused, "tftp_refused", "TFTP refused"},
    {Kind::http_started, "http_started", "HTTP begins"},
    {Kind::http_finished, "http_finished", "HTTP delivered"},
    {Kind::http_failed, "http_failed", "HTTP broke off"},
    {Kind::http_refused, "http_refused", "HTTP refused"},
    {Kind::script_served, "script_served", "boot script made"},
    {Kind::local_script_served, "local_script_served", "told to boot from its disk"},
    {Kind::refusal_script_served, "refusal_script_served", "boot refused on its console"},
    {Kind::machine_up, "machine_up", "it is up"},
    {Kind::server_started, "server_started", "Slipway started"},
    {Kind::server_stopping, "server_stopping", "Slipway stops"},
    {Kind::foreign_server, "foreign_server", ""},
    {Kind::foreign_server_gone, "foreign_server_gone", ""},
    {Kind::plan_published, "plan_published", "configuration in force"},
    {Kind::plan_refused, "plan_refused", "configuration refused, the old one stays"},
    {Kind::import_started, "import_started", "import begins"},
    {Kind::import_finished, "import_finished", "imported"},
    {Kind::import_failed, "import_failed", "import failed"},
    {Kind::image_removed, "image_removed", "image removed"},
    {Kind::note, "note", ""},
};

constexpr bool in_order_of_kind() {
  for (std::size_t i = 0; i < std::size(kinds); ++i) {
    if (static_cast<std::size_t>(kinds[i].kind) != i) return false;
  }
  return std::size(kinds) == static_cast<std::size_t>(Kind::note) + 1;
}
static_assert(in_order_of_kind());

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
bool begins_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// How a file's last name begins or ends, and what it then is; the first row that fits decides.
struct NameRule {
  std::string_view begin;
  std::string_view end;
  Role role;
};
constexpr NameRule name_rules[] = {
    {"autoexec.ipxe", "", Role::probe},  // EFI iPXE asks for it before anything else
    {"", ".ipxe", Role::script},
    {"boot.ipxe", "", Role::script},  // boot.ipxe.01AABBCCDDEEFF
    {"menu.lst", "", Role::script},
    {"grub.cfg", "", Role::script},
    {"", ".hash", Role::module},
    {"", ".manifest", Role::module},
    {"boot_archive", "", Role::archive},
    {"initrd", "", Role::archive},
    {"initramfs", "", Role::archive},
    {"", ".iso", Role::archive},
    {"vmlinuz", "", Role::kernel},
    {"bzImage", "", Role::kernel},
    {"", ".vmlinuz", Role::kernel},
    {"", "-kernel-x86_64", Role::kernel},
    {"", "-kernel.x86_64", Role::kernel},
    {"memtest", "", Role::archive},  // nothing comes behind it
    {"wimboot", "", Role::kernel},
    {"", ".cpio.gz", Role::archive},
    {"", "-initramfs.x86_64.img", Role::archive},
    {"boot.wim", "", Role::archive},
    {"", ".kpxe", Role::loader},
    {"", ".kkpxe", Role::loader},
    {"", ".pxe", Role::loader},
    {"", ".lkrn", Role::loader},
    {"", ".efi", Role::loader},
    {"", ".c32", Role::loader},
    {"", ".0", Role::loader},
};
constexpr std::string_view kernels[] = {"unix", "linux", "kernel"};
constexpr std::string_view loaders[] = {"pxegrub", "pxegrub2", "pxeboot"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string transfer_text(const Event& event) {
  std::string text = human_bytes(event.bytes);
  if (event.total != 0 && event.total != event.bytes) text += " of " + human_bytes(event.total);
  if (event.offset != 0) text += " from " + human_bytes(event.offset);
  if (event.took > Duration::zero()) {
    text += " in " + human_duration(event.took);
    if (auto rate = rate_of(event.bytes, event.took)) text += " (" + human_bytes(rate) + "/s)";
  }
  return text;
}

bool tells_bytes(Kind kind) {
  return kind == Kind::tftp_finished || kind == Kind::tftp_failed || kind == Kind::http_finished ||
         kind == Kind::http_failed;
}

bool is_dhcp(Kind kind) {
  return kind <= Kind::lease_expired;
}

/// Between the message and the program it came from or goes to.
std::string_view direction(Kind kind) {
  switch (kind) {
    case Kind::dhcp_offer:
    case Kind::dhcp_ack:
    case Kind::dhcp_nak:
    case Kind::proxy_offer:
    case Kind::proxy_ack:
    case Kind::bootp_reply:
    case Kind::lease_query_answer:
      return " to ";
    case Kind::address_in_use:
      return ", asked for by ";
    case Kind::dhcp_dropped:
      return ", from ";
    default:
      return " from ";
  }
}

}  // namespace

std::string_view to_string(Kind kind) {
  auto index = static_cast<std::size_t>(kind);
  return index < std::size(kinds) ? kinds[index].name : "unknown";
}

std::string_view line_of(Kind kind) {
  auto index = static_cast<std::size_t>(kind);
  return index < std::size(kinds) ? kinds[index].line : "";
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::unknown:
      return "unknown";
    case Role::loader:
      return "loader";
    case Role::script:
      return "script";
    case Role::kernel:
      return "kernel";
    case Role::archive:
      return "archive";
    case Role::module:
      return "module";
    case Role::probe:
      return "probe";
    case Role::other:
      return "other";
  }
  return "unknown";
}

Role role_of(std::string_view served_name) {
  std::string_view path = served_name.substr(0, served_name.find_first_of("?#"));
  std::size_t slash = path.rfind('/');
  std::string_view name = slash == path.npos ? path : path.substr(slash + 1);
  if (path.find("pxelinux.cfg/") != path.npos) return name == "default" ? Role::script : Role::probe;
  // A program that is an image: the last thing that is loaded. Loaders lie at the top.
  bool of_image = begins_with(path, "images/") || begins_with(path, "/images/");
  if (of_image && ends_with(name, ".efi")) return Role::archive;
  if (begins_with(path, "bootfs/") || begins_with(path, "/bootfs/")) return Role::module;
  for (const NameRule& rule : name_rules) {
    if (begins_with(name, rule.begin) && ends_with(name, rule.end)) return rule.role;
  }
  if (is_one_of(name, kernels)) return Role::kernel;
  if (is_one_of(name, loaders)) return Role::loader;
  return Role::other;
}

std::string spoken(std::string_view reason) {
  std::string words(reason);
  bool a_name = reason.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == reason.npos;
  if (a_name) std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string describe(const Event& event) {
  std::string text(line_of(event.kind));
  auto add = [&text](std::string_view separator, std::string_view more) {
    if (more.empty()) return;
    if (!text.empty()) text += separator;
    text += more;
  };
  if (event.kind == Kind::dhcp_dropped && !event.name.empty()) {
    text = printable(event.name) + " not answered";
  } else {
    add(" ", printable(event.name));
  }
  if (tells_bytes(event.kind)) add(": ", transfer_text(event));
  if (is_dhcp(event.kind)) {
    if (event.stage != model::Stage::unknown) add(direction(event.kind), model::to_string(event.stage));
    if (event.arch) add(", ", model::to_string(*event.arch));
    if (!event.address.is_any()) add(", ", event.address.to_string());
  }
  bool a_reason = event.kind == Kind::tftp_failed || event.kind == Kind::http_failed;
  if (event.detail != event.name) add(": ", printable(a_reason ? spoken(event.detail) : event.detail));
  if (event.meant)
    add("; ", "asked for by " + event.address.to_string() + ", which is not the address of " +
                  event.meant->to_string());
  return text;
}

}  // namespace slipway::timeline
