// SPDX-License-Identifier: MPL-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "exports/snippets.h"

namespace slipway::exports {
namespace {

using model::Subnet;

std::string joined(const std::vector<Ipv4>& addresses) {
  std::vector<std::string> texts;
  for (Ipv4 address : addresses) texts.push_back(address.to_string());
  return fmt::format("{}", fmt::join(texts, ", "));
}

/// dhcpd writes two bytes as "00:07".
std::string arch_test(const FirstFile& first) {
  std::vector<std::string> tests;
  for (model::Arch arch : first.archs)
    tests.push_back(fmt::format("option slipway-arch = {}", static_cast<unsigned>(arch)));
  return fmt::format("{}", fmt::join(tests, " or "));
}

std::string boot_part(const Site& site) {
  std::string out =
      "option slipway-arch code 93 = unsigned integer 16;\n\n# A loader first, then iPXE's script.\n";
  out += fmt::format("next-server {};\n", site.base.address.to_string());
  out += fmt::format("if exists user-class and option user-class = \"iPXE\" {{\n  filename \"{}\";\n}}",
                     start_script_url(site));
  std::string bios;
  for (const FirstFile& first : first_files(site)) {
    if (first.archs.front() == model::Arch::bios) {
      bios = first.file;
    } else if (first.http_boot) {
      out += fmt::format(
          " elsif exists slipway-arch and ({}) {{\n  option vendor-class-identifier \"HTTPClient\";\n"
          "  filename \"{}\";\n}}",
          arch_test(first), first_file_url(site, first));
    } else {
      out += fmt::format(" elsif exists slipway-arch and ({}) {{\n  filename \"{}\";\n}}", arch_test(first),
                         first.file);
    }
  }
  if (!bios.empty()) out += fmt::format(" else {{\n  filename \"{}\";\n}}", bios);
  return out + "\n";
}

std::string subnet_part(const model::Plan& plan, const Subnet& subnet) {
  std::string out = fmt::format("\nsubnet {} netmask {} {{\n", subnet.network.network.to_string(),
                                subnet.network.mask().to_string());
  for (const model::Pool& pool : subnet.pools) {
    if (!pool.only_class.empty()) continue;
    for (const model::AddressRange& range : free_ranges(subnet, pool))
      out += fmt::format("  range {} {};\n", range.first.to_string(), range.last.to_string());
  }
  if (!subnet.routers.empty()) out += fmt::format("  option routers {};\n", joined(subnet.routers));
  if (!subnet.dns.empty()) out += fmt::format("  option domain-name-servers {};\n", joined(subnet.dns));
  if (!subnet.domain.empty()) out += fmt::format("  option domain-name \"{}\";\n", subnet.domain);
  out += fmt::format("  default-lease-time {0};\n  max-lease-time {0};\n", subnet.lease_time.count());
  out += "}\n";
  for (const Reservation& one : reservations(plan, subnet)) {
    std::string label = one.name;
    if (label.empty()) label = "machine-" + one.mac.hyphens();
    out += fmt::format("host {} {{ hardware ethernet {}; fixed-address {}; }}\n", label, one.mac.to_string(),
                       one.address.to_string());
  }
  return out;
}

}  // namespace

std::string dhcpd_conf(const model::Plan& plan, const Site& site) {
  std::string out = "# dhcpd.conf, made by `slipway export dhcpd`.\nauthoritative;\n" + boot_part(site);
  for (const Subnet& subnet : plan.subnets()) {
    if (subnet.mode == model::SubnetMode::dhcp) out += subnet_part(plan, subnet);
  }
  return out;
}

}  // namespace slipway::exports
