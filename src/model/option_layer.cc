// SPDX-License-Identifier: MPL-2.0
#include "model/option_layer.h"

#include <algorithm>

#include "model/subnet.h"

namespace slipway::model {
namespace {

// Codes of RFC 2132; the table with names and types is wire's, which this room does not know.
constexpr std::uint8_t subnet_mask = 1, routers = 3, dns_servers = 6, domain_name = 15, renewal_time = 58,
                       rebinding_time = 59;

Bytes encoded(const std::vector<Ipv4>& addresses) {
  ByteWriter out;
  for (Ipv4 address : addresses) out.u32(address.value);
  return std::move(out).take();
}

Bytes encoded(std::chrono::seconds time) {
  ByteWriter out;
  out.u32(static_cast<std::uint32_t>(time.count()));
  return std::move(out).take();
}

/// The keys that are options by another name.
OptionLayer keys_of(const Subnet& subnet) {
  OptionLayer keys;
  keys.set(subnet_mask, encoded(std::vector<Ipv4>{subnet.network.mask()}));
  if (!subnet.routers.empty()) keys.set(routers, encoded(subnet.routers));
  if (!subnet.dns.empty()) keys.set(dns_servers, encoded(subnet.dns));
  ByteView domain = as_bytes(subnet.domain);
  if (!domain.empty()) keys.set(domain_name, Bytes(domain.begin(), domain.end()));
  if (subnet.renew_time) keys.set(renewal_time, encoded(*subnet.renew_time));
  if (subnet.rebind_time) keys.set(rebinding_time, encoded(*subnet.rebind_time));
  return keys;
}

void join(std::vector<std::uint8_t>& into, const std::vector<std::uint8_t>& more) {
  for (std::uint8_t code : more) {
    if (std::find(into.begin(), into.end(), code) == into.end()) into.push_back(code);
  }
}

}  // namespace

const Bytes* OptionLayer::find(std::uint8_t code) const {
  auto found = std::find_if(values.begin(), values.end(), [&](auto& option) { return option.code == code; });
  return found == values.end() ? nullptr : &found->value;
}

void OptionLayer::set(std::uint8_t code, Bytes value) {
  auto there = std::find_if(values.begin(), values.end(), [&](auto& option) { return option.code == code; });
  if (there == values.end()) {
    values.push_back({code, std::move(value)});
  } else {
    there->value = std::move(value);
  }
}

void OptionLayer::fill_in(const OptionLayer& outer) {
  for (const RawOption& option : outer.values) {
    if (!find(option.code)) values.push_back(option);
  }
  join(always_send, outer.always_send);
  join(never_send, outer.never_send);
}

OptionLayer layer_of(const Subnet& subnet, const OptionLayer& everyone) {
  OptionLayer layer = subnet.options;
  layer.fill_in(keys_of(subnet));
  layer.fill_in(everyone);
  return layer;
}

}  // namespace slipway::model
