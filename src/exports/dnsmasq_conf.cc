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
  return fmt::format("{}", fmt::join(texts, ","));
}

/// dnsmasq takes the last dhcp-boot whose tags all fit, so each excludes what another is for.
std::string boot_part(const Site& site) {
  std::string out =
      "# A loader first, then iPXE's script.\n"
      "dhcp-userclass=set:slipway-ipxe,iPXE\n";
  std::string server = site.base.address.to_string(), others, boots;
  std::string bios;
  for (const FirstFile& first : first_files(site)) {
    if (first.archs.front() == model::Arch::bios) {
      bios = first.file;
      continue;
    }
    std::string tag = fmt::format("slipway-{}", first.name);
    for (model::Arch arch : first.archs)
      out += fmt::format("dhcp-match=set:{},option:client-arch,{}\n", tag, static_cast<unsigned>(arch));
    others += fmt::format("tag:!{},", tag);
    if (first.http_boot) {
      boots += fmt::format("dhcp-boot=tag:!slipway-ipxe,tag:{},{}\n", tag, first_file_url(site, first));
      boots += fmt::format("dhcp-option-force=tag:!slipway-ipxe,tag:{},60,HTTPClient\n", tag);
    } else {
      boots += fmt::format("dhcp-boot=tag:!slipway-ipxe,tag:{},{},,{}\n", tag, first.file, server);
    }
  }
  out += fmt::format("dhcp-boot=tag:slipway-ipxe,{},,{}\n", start_script_url(site), server);
  if (!bios.empty()) boots += fmt::format("dhcp-boot=tag:!slipway-ipxe,{}{},,{}\n", others, bios, server);
  return out + boots;
}

std::string subnet_part(const model::Plan& plan, const Subnet& subnet, std::size_t number) {
  std::string tag = fmt::format("slipway-{}", number), out = "\n";
  std::string mask = subnet.network.mask().to_string();
  bool ranged = false;
  for (const model::Pool& pool : subnet.pools) {
    if (!pool.only_class.empty()) continue;
    for (const model::AddressRange& range : free_ranges(subnet, pool)) {
      out += fmt::format("dhcp-range=set:{},{},{},{},{}s\n", tag, range.first.to_string(),
                         range.last.to_string(), mask, subnet.lease_time.count());
      ranged = true;
    }
  }
  if (!ranged)  // only who has a reservation
    out += fmt::format("dhcp-range=set:{},{},static,{},{}s\n", tag, subnet.network.network.to_string(), mask,
                       subnet.lease_time.count());
  if (!subnet.routers.empty())
    out += fmt::format("dhcp-option=tag:{},option:router,{}\n", tag, joined(subnet.routers));
  if (!subnet.dns.empty())
    out += fmt::format("dhcp-option=tag:{},option:dns-server,{}\n", tag, joined(subnet.dns));
  if (!subnet.domain.empty())
    out += fmt::format("dhcp-option=tag:{},option:domain-name,{}\n", tag, subnet.domain);
  for (const Reservation& one : reservations(plan, subnet))
    out += fmt::format("dhcp-host={},{}{}\n", one.mac.to_string(), one.address.to_string(),
                       one.name.empty() ? "" : "," + one.name);
  return out;
}

}  // namespace

std::string dnsmasq_conf(const model::Plan& plan, const Site& site) {
  std::string out = "# For dnsmasq, made by `slipway export dnsmasq`.\n" + boot_part(site);
  std::size_t number = 0;
  for (const Subnet& subnet : plan.subnets()) {
    if (subnet.mode == model::SubnetMode::dhcp) out += subnet_part(plan, subnet, ++number);
  }
  return out;
}

}  // namespace slipway::exports
