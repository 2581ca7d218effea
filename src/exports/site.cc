// SPDX-License-Identifier: MPL-2.0
#include "exports/site.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "boot/loaders.h"

namespace slipway::exports {
namespace {

using model::Arch;

struct Kind {
  std::string_view name;
  std::vector<Arch> archs;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"bios", {Arch::bios}},          {"uefi-x64", {Arch::uefi_x64, Arch::uefi_x64_bc}},
      {"uefi-x86", {Arch::uefi_ia32}}, {"uefi-arm64", {Arch::uefi_arm64}},
      {"http-x64", {Arch::http_x64}},  {"http-arm64", {Arch::http_arm64}},
  };
  return all;
}

/// RFC 1123 §2.1, and no word that dnsmasq would read as another: a time, or what is done with the host.
bool is_host_name(std::string_view name) {
  auto good = [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '-' || c == '.'); };
  bool plain = !name.empty() && name.size() <= 63 && std::ranges::all_of(name, good) && name.back() != '-';
  return plain && std::isalpha(static_cast<unsigned char>(name.front())) && name != "ignore" &&
         name != "infinite";
}

bool is_there(const Site& site, std::string_view file) {
  return std::find(site.loaders.begin(), site.loaders.end(), file) != site.loaders.end();
}

}  // namespace

std::vector<FirstFile> first_files(const Site& site) {
  std::vector<FirstFile> firsts;
  for (const Kind& kind : kinds()) {
    bool http_boot = model::is_http_boot(kind.archs.front());
    if (http_boot && site.base.by_tftp) continue;
    auto files = boot::loaders_for(kind.archs.front());
    auto file = std::find_if(files.begin(), files.end(), [&](auto name) { return is_there(site, name); });
    if (file != files.end()) firsts.push_back({kind.name, kind.archs, std::string(*file), http_boot});
  }
  return firsts;
}

std::string start_script_url(const Site& site) {
  return boot::file_url(site.base, boot::to_path(boot::BootScript{}));
}

std::string first_file_url(const Site& site, const FirstFile& first) {
  return boot::file_url(site.base, boot::to_path(boot::LoaderFile{first.file}));
}

std::vector<model::AddressRange> free_ranges(const model::Subnet& subnet, const model::Pool& pool) {
  auto holes = subnet.excluded;
  std::sort(holes.begin(), holes.end(), [](auto& a, auto& b) { return a.first < b.first; });
  std::vector<model::AddressRange> ranges;
  std::uint64_t next = pool.range.first.value, end = pool.range.last.value;
  for (const model::AddressRange& hole : holes) {
    if (hole.last.value < next || hole.first.value > end) continue;
    if (hole.first.value > next)
      ranges.push_back({{static_cast<std::uint32_t>(next)}, {hole.first.value - 1}});
    next = std::uint64_t{hole.last.value} + 1;
  }
  if (next <= end) ranges.push_back({{static_cast<std::uint32_t>(next)}, pool.range.last});
  return ranges;
}

std::vector<Reservation> reservations(const model::Plan& plan, const model::Subnet& subnet) {
  std::vector<Reservation> all;
  for (const model::Machine& machine : plan.machines()) {
    if (machine.macs.empty() || !machine.address || plan.subnet_of(*machine.address) != &subnet) continue;
    all.push_back({is_host_name(machine.name) ? machine.name : "", machine.macs.front(), *machine.address});
  }
  return all;
}

std::vector<std::string> left_out(const model::Plan& plan) {
  std::vector<std::string> notes;
  auto note = [&](bool is_so, std::string text) {
    if (is_so) notes.push_back(std::move(text));
  };
  note(!plan.classes().empty(), "classes: say in the other server's words what they do");
  for (const model::Group& group : plan.groups()) {
    note(!group.options.is_empty() || !group.boot_file.empty() || group.next_server,
         fmt::format("group {}: its DHCP options and boot file", group.name));
  }
  bool options = !plan.server().lease_query.empty();
  for (const model::Subnet& subnet : plan.subnets()) {
    options = options || !subnet.options.is_empty();
    note(subnet.mode != model::SubnetMode::dhcp,
         fmt::format("subnet {}: it gives no addresses here", subnet.network.to_string()));
    note(!subnet.shared_network.empty(),
         fmt::format("subnet {}: its shared-network {}", subnet.network.to_string(), subnet.shared_network));
    for (const model::Pool& pool : subnet.pools) {
      std::string pool_is = fmt::format("subnet {}: that pool {}-{} is", subnet.network.to_string(),
                                        pool.range.first.to_string(), pool.range.last.to_string());
      note(!pool.only_class.empty(), fmt::format("{} for class {} only", pool_is, pool.only_class));
      note(pool.protocol != model::Pool::Protocol::any,
           fmt::format("{} for {} clients only", pool_is,
                       pool.protocol == model::Pool::Protocol::bootp ? "BOOTP" : "DHCP"));
    }
  }
  note(options, "DHCP options but router, dns and domain");
  note(plan.boot().unknown == model::UnknownPolicy::ignore,
       "unknown = \"ignore\": machines that are not named are answered there, too");
  for (const model::Machine& machine : plan.machines()) {
    note(machine.address && !machine.name.empty() && !is_host_name(machine.name),
         fmt::format("machine {}: its name, which is no host name", machine.name));
    note(machine.address && (machine.macs.size() != 1),
         fmt::format("machine {}: {}", machine.name,
                     machine.macs.empty() ? "its reservation, for it has no mac"
                                          : "its reservation under its other MAC addresses"));
  }
  return notes;
}

}  // namespace slipway::exports
