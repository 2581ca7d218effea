// SPDX-License-Identifier: MPL-2.0
#include "api/gauges.h"

#include <map>

#include <fmt/format.h>

#include "api/views.h"

namespace slipway::api {
namespace {

class Text {
 public:
  Text& family(std::string_view name, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name, help);
    return *this;
  }
  template <typename Number>
  Text& value(Number number, const std::string& labels = {}) {
    text_ += fmt::format("{}{} {}\n", name_, labels.empty() ? "" : "{" + labels + "}", number);
    return *this;
  }
  std::string take() && { return std::move(text_); }

 private:
  std::string_view name_;
  std::string text_;
};

double unix_time(Instant at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

/// Every state has its line, whether or not a lease is in it.
std::map<std::string, std::uint64_t> leases_by_state(std::span<const lease::Lease> leases, Instant now) {
  std::map<std::string, std::uint64_t> counts{
      {"active", 0}, {"expired", 0}, {"released", 0}, {"declined", 0}};
  for (const lease::Lease& lease : leases) {
    bool ran_out = lease.state == lease::State::active && !lease.runs(now);
    ++counts[ran_out ? "expired" : std::string(to_string(lease.state))];
  }
  return counts;
}

std::string labels_of(const SubnetView& subnet, const PoolView& pool) {
  return fmt::format("subnet=\"{}\",pool=\"{}-{}\"", subnet.network, pool.first, pool.last);
}

void tell_pools(Text& text, const std::vector<SubnetView>& subnets) {
  auto each = [&](std::uint64_t PoolView::*number) {
    for (const SubnetView& subnet : subnets) {
      for (const PoolView& pool : subnet.pools) text.value(pool.*number, labels_of(subnet, pool));
    }
  };
  text.family("slipway_pool_addresses", "Addresses of a pool.");
  each(&PoolView::size);
  text.family("slipway_pool_leased_addresses", "Addresses of a pool that somebody holds.");
  each(&PoolView::leased);
}

}  // namespace

std::string gauges(const World& world) {
  auto plan = world.plan();
  Instant now = world.now();
  auto leases = world.book.list();
  std::vector<SubnetView> subnets;
  for (const model::Subnet& subnet : plan->subnets()) subnets.push_back(view(subnet, leases, now));

  Text text;
  text.family("slipway_build_info", "Always 1; the label says which version runs.")
      .value(1, fmt::format("version=\"{}\"", world.version));
  text.family("slipway_start_time_seconds", "When the daemon started, in seconds since 1970.")
      .value(unix_time(world.started));
  text.family("slipway_ready", "1 while machines can boot.").value(world.not_ready().empty() ? 1 : 0);
  text.family("slipway_leases", "Leases that are known, by state.");
  for (const auto& [state, count] : leases_by_state(leases, now))
    text.value(count, fmt::format("state=\"{}\"", state));
  text.family("slipway_offers", "Addresses that are offered and not yet asked for.")
      .value(world.book.offers());
  tell_pools(text, subnets);
  text.family("slipway_configured_machines", "Machines the configuration names.")
      .value(plan->machines().size());
  text.family("slipway_seen_machines", "Machines the timeline knows.")
      .value(world.timeline.machines().size());
  text.family("slipway_images", "Images in the store.").value(plan->images().size());
  text.family("slipway_tokens", "Tokens of the API that were not revoked.").value(world.access.tokens.size());
  return std::move(text).take();
}

}  // namespace slipway::api
