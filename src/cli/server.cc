// SPDX-License-Identifier: MPL-2.0
// slipway status, slipway reload: the daemon itself.
#include <fmt/format.h>

#include "base/printable.h"
#include "base/quantity.h"
#include "base/table.h"
#include "cli/api_call.h"
#include "cli/verbs.h"

namespace slipway::cli {

int status(const Context& context) {
  return show<api::StatusView>(context, "/api/v1/status", [](const api::StatusView& now) {
    fmt::print("slipwayd {}  {}  up {}\n\n", now.version, now.ready ? "ready" : "not ready: " + now.reason,
               human_duration(now.now - now.started));
    fmt::print(
        "  subnets   {}\n  machines  {} named in the configuration\n  images    {}\n  leases    {}, and {} "
        "offered\n",
        now.subnets, now.machines, now.images, now.leases, now.offers);
    for (const api::ForeignServerView& other : now.foreign_servers)
      fmt::print("\n{}\n", printable(other.sentence));
    return now.ready ? exit_ok : exit_failed;
  });
}

int reload(const Context& context) {
  return act(context, http::Method::post, "/api/v1/reload");
}

}  // namespace slipway::cli
