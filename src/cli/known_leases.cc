// SPDX-License-Identifier: MPL-2.0
#include "cli/known_leases.h"

#include <fmt/format.h>

#include "api/views.h"
#include "cli/api_call.h"
#include "store/sqlite_store.h"

namespace slipway::cli {

KnownLeases known_leases(const Context& context, const model::Plan& plan) {
  KnownLeases known;
  if (auto list = ask<api::LeaseList>(context, "/api/v1/leases")) {
    for (const api::LeaseView& view : list->leases) {
      if (auto lease = api::lease_of(view)) known.leases.push_back(std::move(*lease));
    }
    known.daemon_runs = true;
    known.from = fmt::format("{}, of the running slipwayd", known.leases.size());
    return known;
  }
  const std::string& state = plan.server().state;
  auto stored = store::read_leases(state);
  known.daemon_runs = store::is_in_use(state);
  if (!stored) {
    known.from = "none: " + stored.error().sentence();
    return known;
  }
  known.leases = std::move(*stored);
  known.from = fmt::format("{}, read from {}; {}", known.leases.size(), state,
                           known.daemon_runs ? "slipwayd runs, but its socket cannot be reached from here"
                                             : "slipwayd does not run");
  return known;
}

}  // namespace slipway::cli
