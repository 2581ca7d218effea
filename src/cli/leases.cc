// SPDX-License-Identifier: MPL-2.0
// slipway lease list, slipway lease release.
#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/address.h"
#include "base/quantity.h"
#include "base/table.h"
#include "cli/api_call.h"
#include "cli/verbs.h"
#include "lease/lease.h"

namespace slipway::cli {
namespace {

/// What the filters of the command line say; what was typed wrong is a Fault.
class Filter {
 public:
  static Result<Filter, Fault> of(const LeaseFilter& said) {
    Filter filter;
    if (!said.subnet.empty()) {
      filter.subnet_ = Prefix::parse(said.subnet);
      if (!filter.subnet_)
        return Fault{fmt::format("'{}' is no network", said.subnet), "write it as 10.0.0.0/24"};
    }
    if (!said.mac.empty()) {
      auto mac = MacAddress::parse(said.mac);
      if (!mac)
        return Fault{fmt::format("'{}' is no MAC address", said.mac), "write it as 0c:c4:7a:ab:cd:ef"};
      filter.mac_ = mac->to_string();
    }
    filter.state_ = said.state;
    return filter;
  }

  bool takes(const api::LeaseView& lease) const {
    auto address = Ipv4::parse(lease.address);
    bool inside = !subnet_ || (address && subnet_->contains(*address));
    return inside && (mac_.empty() || lease.mac == mac_) && (state_.empty() || lease.state == state_);
  }

 private:
  std::optional<Prefix> subnet_;
  std::string mac_, state_;
};

bool holds(const api::LeaseView& lease, Instant now) {
  return lease.expires > now && (lease.state == "active" || lease.state == "declined");
}

/// "3 h 10 min left", "ran out 2 days ago".
std::string time_left(const api::LeaseView& lease, Instant now) {
  if (lease.expires == lease::forever) return "for ever";
  if (lease.expires > now) return human_duration(lease.expires - now);
  return human_duration(now - lease.expires) + " ago";
}

std::string who(const api::LeaseView& lease) {
  if (lease.machine_name) return *lease.machine_name;
  return lease.hostname.empty() ? "-" : lease.hostname;
}

void print_table(const api::LeaseList& list, Instant now) {
  Table table({"ADDRESS", "MAC", "MACHINE", "STATE", "LEFT>", "UNTIL", "CLIENT ID"});
  for (const api::LeaseView& lease : list.leases) {
    auto until = fmt::localtime(static_cast<std::time_t>(unix_seconds(lease.expires)));
    bool for_ever = lease.expires == lease::forever;
    table.row({lease.address, lease.mac, who(lease), lease.state, time_left(lease, now),
               for_ever ? "-" : fmt::format("{:%Y-%m-%d %H:%M:%S}", until),
               lease.client_id.empty() ? "-" : lease.client_id});
  }
  fmt::print("{}", table.to_string());
}

Instant this_moment() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

/// The one address that is meant: itself, or what the machine of this name or MAC address holds.
Result<std::string, Fault> address_meant(const Context& context, const std::string& named) {
  if (Ipv4::parse(named)) return named;
  auto list = ask<api::LeaseList>(context, "/api/v1/leases");
  if (!list) return list.error();
  auto mac = MacAddress::parse(named);
  std::vector<std::string> addresses;
  for (const api::LeaseView& lease : list->leases) {
    bool meant = mac ? lease.mac == mac->to_string() : lease.machine_name == named || lease.hostname == named;
    if (meant && holds(lease, this_moment())) addresses.push_back(lease.address);
  }
  if (addresses.size() == 1) return addresses.front();
  if (addresses.empty()) {
    return Fault{
        fmt::format("'{}' is no address, and no machine of this name or MAC address holds one", named),
        "`slipway lease list` shows who has what"};
  }
  std::string all;
  for (const std::string& address : addresses) all += (all.empty() ? "" : ", ") + address;
  return Fault{fmt::format("'{}' has several addresses: {}", named, all), "name the address"};
}

}  // namespace

int lease_list(const Context& context, const LeaseFilter& said) {
  auto filter = Filter::of(said);
  if (!filter) {
    fail(filter.error());
    return exit_usage;
  }
  auto list = ask<api::LeaseList>(context, "/api/v1/leases");
  if (!list) return fail(list.error());
  std::erase_if(list->leases, [&](const api::LeaseView& lease) { return !filter->takes(lease); });
  if (context.json) return print_line(api::to_json(*list));
  if (list->leases.empty()) return print_line("no leases");
  print_table(*list, this_moment());
  return exit_ok;
}

int lease_release(const Context& context, const std::string& named) {
  auto address = address_meant(context, named);
  if (!address) return fail(address.error());
  return act(context, http::Method::delete_, "/api/v1/leases/" + url_part(*address));
}

}  // namespace slipway::cli
