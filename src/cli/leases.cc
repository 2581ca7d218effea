// SPDX-License-Identifier: MPL-2.0
// slipway lease list, slipway lease release.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/api_call.h"
#include "cli/table.h"
#include "cli/verbs.h"

namespace slipway::cli {

int lease_list(const Context& context) {
  return show<api::LeaseList>(context, "/api/v1/leases", [](const api::LeaseList& list) {
    if (list.leases.empty()) return print_line("no leases");
    Table table({"ADDRESS", "MAC", "MACHINE", "HOST NAME", "STATE", "UNTIL"});
    for (const api::LeaseView& lease : list.leases) {
      auto until = fmt::localtime(static_cast<std::time_t>(unix_seconds(lease.expires)));
      table.row({lease.address, lease.mac, lease.machine_name.value_or("-"),
                 lease.hostname.empty() ? "-" : lease.hostname, lease.state,
                 fmt::format("{:%Y-%m-%d %H:%M:%S}", until)});
    }
    fmt::print("{}", table.to_string());
    return exit_ok;
  });
}

int lease_release(const Context& context, const std::string& address) {
  return act(context, http::Method::delete_, "/api/v1/leases/" + url_part(address));
}

}  // namespace slipway::cli
