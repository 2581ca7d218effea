// SPDX-License-Identifier: MPL-2.0
// slipway machine list: every machine the configuration names or the network has shown.
#include <fmt/format.h>

#include "base/table.h"
#include "cli/api_call.h"
#include "cli/verbs.h"

namespace slipway::cli {

int machine_list(const Context& context) {
  return show<api::MachineList>(context, "/api/v1/machines", [](const api::MachineList& list) {
    if (list.machines.empty())
      return print_line("no machine is named in the configuration, and none was heard of yet");
    Table table({"MACHINE", "MAC", "ADDRESS", "BOOTS", "STANDS"});
    for (const api::MachineView& machine : list.machines) {
      table.row({machine.name.value_or("-"), machine.machine.empty() ? "-" : machine.machine,
                 machine.address.value_or(machine.reserved_address.value_or("-")),
                 machine.profile.value_or("-"), machine.stands});
    }
    fmt::print("{}", table.to_string());
    return exit_ok;
  });
}

}  // namespace slipway::cli
