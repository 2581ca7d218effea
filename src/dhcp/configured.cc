// SPDX-License-Identifier: MPL-2.0
#include "dhcp/configured.h"

#include <algorithm>

namespace slipway::dhcp {
namespace {

namespace opt = wire::opt;

/// UEFI's PXE client takes option 60 without 43 for a BINL server's and asks port 4011 (EDK2,
/// NetworkPkg/UefiPxeBcDxe): a combined answer has neither, unless something nearer than the subnet says so.
bool suffers_from_options_of_pxe(const model::Client& client) {
  return client.stage == model::Stage::pxe_rom && client.arch != model::Arch::bios &&
         client.arch != model::Arch::raspberry_pi;
}

const model::Pool* pool_of(const model::Subnet& subnet, Ipv4 address) {
  auto found = std::find_if(subnet.pools.begin(), subnet.pools.end(),
                            [&](const model::Pool& pool) { return pool.range.contains(address); });
  return found == subnet.pools.end() ? nullptr : &*found;
}

}  // namespace

Configured::Configured(const Inquiry& inquiry, const model::Subnet& subnet, Ipv4 address) {
  lay_over(inquiry.plan.layer_of(subnet));
  if (suffers_from_options_of_pxe(inquiry.client())) {
    values_[opt::VendorClass::code] = values_[opt::VendorOptions::code] = nullptr;
  }
  auto classes = inquiry.classes.members();
  for (auto member = classes.rbegin(); member != classes.rend(); ++member) lay_over((*member)->options);
  if (const model::Pool* pool = pool_of(subnet, address)) lay_over(pool->options);
  auto groups = inquiry.classes.groups();
  for (auto group = groups.rbegin(); group != groups.rend(); ++group) lay_over((*group)->options);
  if (inquiry.machine) lay_over(inquiry.machine->options);
}

const Bytes* nearest_value(const Inquiry& inquiry, const model::Subnet& subnet, std::uint8_t code) {
  if (const Bytes* own = inquiry.machine ? inquiry.machine->options.find(code) : nullptr) return own;
  for (const model::Group* group : inquiry.classes.groups()) {
    if (const Bytes* value = group->options.find(code)) return value;
  }
  for (const model::BootClass* member : inquiry.classes.members()) {
    if (const Bytes* value = member->options.find(code)) return value;
  }
  return inquiry.plan.layer_of(subnet).find(code);
}

bool prefers_ipv6(const Inquiry& inquiry) {
  auto asked = inquiry.message.options.raw(opt::ParameterList::code);
  if (!asked || std::find(asked->begin(), asked->end(), opt::Ipv6Only::code) == asked->end()) return false;
  return std::all_of(inquiry.segment.begin(), inquiry.segment.end(), [&](const model::Subnet* subnet) {
    return nearest_value(inquiry, *subnet, opt::Ipv6Only::code) != nullptr;
  });
}

void Configured::lay_over(const model::OptionLayer& inner) {
  for (const model::RawOption& option : inner.values) values_[option.code] = &option.value;
  for (std::uint8_t code : inner.always_send) always_.set(code);
  for (std::uint8_t code : inner.never_send) never_.set(code);
}

}  // namespace slipway::dhcp
