// SPDX-License-Identifier: MPL-2.0
#include "boot/kernel_properties.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "base/nearest.h"

namespace slipway::boot {
namespace {

using Type = KernelProperty::Type;

constexpr KernelProperty table[] = {
    {"acpi-user-options", Type::number, "bits that turn parts of ACPI off; 0x2: all of it"},
    {"admin_nic", Type::text, "MAC address of the card of the admin network"},
    {"boot-ncpus", Type::number, "how many processors are started"},
    {"console", Type::text, "text, graphics, or ttya to ttyd"},
    {"destroy_zpools", Type::boolean,
     "erases every pool of the machine: wants confirm = [\"destroy_zpools\"]"},
    {"diskless", Type::boolean, "the root comes over the network, no disk is needed"},
    {"fastreboot_onpanic", Type::number, "1: after a panic the kernel starts itself again"},
    {"headnode", Type::boolean, "of Triton alone"},
    {"hostname", Type::text, "the name, where neither DHCP nor /usbkey/config gives one"},
    {"install_config", Type::text, "URL of an installer's configuration (OmniOS)"},
    {"install_media", Type::text, "URL of an installer's media (OmniOS)"},
    {"kbm_debug", Type::boolean, "the kernel tells of its early memory"},
    {"map_debug", Type::boolean, "dboot tells of the maps it makes"},
    {"nmi", Type::text, "what a non-maskable interrupt does: ignore, panic, kmdb"},
    {"noimport", Type::boolean, "no pool is imported"},
    {"physmem", Type::number, "pages of memory that are used"},
    {"prom_debug", Type::boolean, "dboot tells what it does"},
    {"root_shadow", Type::text, "hash of root's password, as /etc/shadow has it"},
    {"smartos", Type::boolean, "a SmartOS machine of its own: mounts /usbkey, or installs"},
    {"smt_enabled", Type::boolean, "false: one thread a core"},
    {"standalone", Type::boolean, "of Triton alone"},
    {"ttya-mode", Type::text, "of a serial line: \"115200,8,n,1,-\""},
    {"ttyb-mode", Type::text, "of a serial line: \"115200,8,n,1,-\""},
    {"ttyc-mode", Type::text, "of a serial line: \"115200,8,n,1,-\""},
    {"ttyd-mode", Type::text, "of a serial line: \"115200,8,n,1,-\""},
    {"zpools", Type::text, "the pools to import"},
};

/// Names with a part of the operator's own: "external_nic", "external0_ip", "disable-bge".
bool is_of_a_family(std::string_view name) {
  return name.ends_with("_nic") || name.ends_with("_ip") || name.ends_with("-ip") ||
         name.starts_with("disable-");
}

/// As strtoul reads it: decimal, 0x and octal.
bool is_number(std::string_view text) {
  bool hex = text.starts_with("0x") || text.starts_with("0X");
  std::string_view digits = text.substr(hex ? 2 : 0);
  return !digits.empty() && std::all_of(digits.begin(), digits.end(), [&](unsigned char c) {
    return hex ? std::isxdigit(c) : std::isdigit(c);
  });
}

bool fits(Type type, std::string_view value) {
  switch (type) {
    case Type::boolean:
      return value == "true" || value == "false";
    case Type::number:
      return is_number(value);
    case Type::text:
      return true;
  }
  return true;
}

}  // namespace

std::string_view to_string(Type type) {
  switch (type) {
    case Type::boolean:
      return "true or false";
    case Type::number:
      return "number";
    case Type::text:
      return "text";
  }
  return "text";
}

std::span<const KernelProperty> kernel_properties() {
  return table;
}

void check_known(const model::Property& property, Findings& out) {
  auto known = std::find_if(std::begin(table), std::end(table),
                            [&](const KernelProperty& row) { return row.name == property.name; });
  if (known != std::end(table)) {
    if (!fits(known->type, property.value))
      out.push_back(
          {Rule::property_type,
           fmt::format("{} wants {}, not {}", known->name,
                       known->type == Type::number ? "a number" : to_string(known->type), property.value),
           known->type == Type::boolean ? "write true or false" : "write a number"});
    return;
  }
  if (is_of_a_family(property.name) || property.name.empty()) return;
  std::vector<std::string_view> names;
  for (const KernelProperty& row : table) {
    if (row.name.front() == property.name.front()) names.push_back(row.name);
  }
  auto near = nearest(property.name, names);
  std::size_t size = near ? near->size() : 0;
  if (near && std::max(size, property.name.size()) - std::min(size, property.name.size()) <= 2)
    out.push_back({Rule::property_unknown, fmt::format("no property is known as {}", property.name),
                   fmt::format("did you mean {}?", *near)});
}

}  // namespace slipway::boot
