// SPDX-License-Identifier: MPL-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "exports/snippets.h"

namespace slipway::exports {
namespace {

using model::Subnet;

/// As a JSON string. Names, addresses and paths of ours hold no control characters.
std::string text(std::string_view value) {
  std::string out = "\"";
  for (char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string joined(const std::vector<Ipv4>& addresses) {
  std::vector<std::string> texts;
  for (Ipv4 address : addresses) texts.push_back(address.to_string());
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string list(const std::vector<std::string>& items, std::string_view indent) {
  if (items.empty()) return "[]";
  std::string out = "[";
  for (const std::string& item : items)
    out += fmt::format("{}\n{}  {}", &item == &items[0] ? "" : ",", indent, item);
  return out + fmt::format("\n{}]", indent);
}

std::string arch_test(const FirstFile& first) {
  std::vector<std::string> tests;
  for (model::Arch arch : first.archs)
    tests.push_back(fmt::format("option[93].hex == 0x{:04x}", static_cast<unsigned>(arch)));
  return fmt::format("({})", fmt::join(tests, " or "));
}

std::string boot_class(const Site& site, std::string_view name, std::string_view test, std::string_view file,
                       bool http_boot) {
  std::string_view says = http_boot ? ", \"option-data\": [{ \"name\": \"vendor-class-identifier\", "
                                      "\"data\": \"HTTPClient\", \"always-send\": true }]"
                                    : "";
  return fmt::format("{{ \"name\": {}, \"test\": {}, \"next-server\": \"{}\", \"boot-file-name\": {}{} }}",
                     text(name), text(test), site.base.address.to_string(), text(file), says);
}

std::vector<std::string> classes(const Site& site) {
  constexpr std::string_view is_ipxe = "slipway-ipxe";
  std::vector<std::string> all{
      boot_class(site, is_ipxe, "substring(option[77].hex, 0, 4) == 'iPXE'", start_script_url(site), false)};
  std::string others = fmt::format("not member('{}')", is_ipxe);
  std::string bios;
  for (const FirstFile& first : first_files(site)) {
    if (first.archs.front() == model::Arch::bios) {
      bios = first.file;
      continue;
    }
    std::string name = fmt::format("slipway-{}", first.name);
    all.push_back(boot_class(site, name, fmt::format("not member('{}') and {}", is_ipxe, arch_test(first)),
                             first.http_boot ? first_file_url(site, first) : first.file, first.http_boot));
    others += fmt::format(" and not member('{}')", name);
  }
  if (!bios.empty()) all.push_back(boot_class(site, "slipway-bios", others, bios, false));
  return all;
}

std::string subnet_part(const model::Plan& plan, const Subnet& subnet, std::size_t number) {
  std::vector<std::string> pools, options, hosts;
  for (const model::Pool& pool : subnet.pools) {
    if (!pool.only_class.empty()) continue;
    for (const model::AddressRange& range : free_ranges(subnet, pool))
      pools.push_back(
          fmt::format("{{ \"pool\": \"{} - {}\" }}", range.first.to_string(), range.last.to_string()));
  }
  auto option = [&](std::string_view name, const std::string& data) {
    if (!data.empty())
      options.push_back(fmt::format("{{ \"name\": \"{}\", \"data\": {} }}", name, text(data)));
  };
  option("routers", joined(subnet.routers));
  option("domain-name-servers", joined(subnet.dns));
  option("domain-name", subnet.domain);
  for (const Reservation& one : reservations(plan, subnet))
    hosts.push_back(fmt::format("{{ \"hw-address\": \"{}\", \"ip-address\": \"{}\"{} }}", one.mac.to_string(),
                                one.address.to_string(),
                                one.name.empty() ? "" : fmt::format(", \"hostname\": {}", text(one.name))));
  return fmt::format(
      "{{ \"id\": {}, \"subnet\": \"{}\", \"valid-lifetime\": {},\n        \"pools\": {},\n"
      "        \"option-data\": {},\n        \"reservations\": {} }}",
      number, subnet.network.to_string(), subnet.lease_time.count(), list(pools, "        "),
      list(options, "        "), list(hosts, "        "));
}

}  // namespace

std::string kea_conf(const model::Plan& plan, const Site& site) {
  std::vector<std::string> subnets, interfaces;
  for (const Subnet& subnet : plan.subnets()) {
    if (subnet.mode == model::SubnetMode::dhcp)
      subnets.push_back(subnet_part(plan, subnet, subnets.size() + 1));
  }
  for (const std::string& name : plan.server().interfaces) interfaces.push_back(text(name));
  return fmt::format(
      "// kea-dhcp4.conf, made by `slipway export kea`.\n"
      "{{\n  \"Dhcp4\": {{\n    \"interfaces-config\": {{ \"interfaces\": [{}] }},\n"
      "    // A loader first, then iPXE's script.\n"
      "    \"client-classes\": {},\n    \"subnet4\": {}\n  }}\n}}\n",
      fmt::join(interfaces, ", "), list(classes(site), "    "), list(subnets, "    "));
}

}  // namespace slipway::exports
