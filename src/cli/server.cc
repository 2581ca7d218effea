// SPDX-License-Identifier: MPL-2.0
// slipway status, slipway reload: the daemon itself.
#include <fmt/format.h>

#include "cli/api_call.h"
#include "cli/table.h"
#include "cli/verbs.h"

namespace slipway::cli {

int status(const Context& context) {
  return show<api::StatusView>(context, "/api/v1/status", [](const api::StatusView& now) {
    double up = std::chrono::duration<double>(now.now - now.started).count();
    fmt::print("slipwayd {}  {}  up {}\n\n", now.version, now.ready ? "ready" : "not ready: " + now.reason,
               human_duration(up));
    fmt::print("  {} subnets, {} machines named, {} images, {} leases, {} offers\n", now.subnets,
               now.machines, now.images, now.leases, now.offers);
    return now.ready ? exit_ok : exit_failed;
  });
}

int reload(const Context& context) {
  return act(context, http::Method::post, "/api/v1/reload");
}

}  // namespace slipway::cli
