// SPDX-License-Identifier: MPL-2.0
// slipway machine list, show, forget: machines the configuration names or the network has shown.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/rfc3339.h"
#include "base/table.h"
#include "cli/api_call.h"
#include "cli/verbs.h"

namespace slipway::cli {
namespace {

std::string desired(const api::MachineView& machine) {
  if (!machine.once) return machine.desired.value_or("-");
  const api::BootOnceView& once = *machine.once;
  return fmt::format("{} once", once.version ? *once.version : once.profile ? *once.profile : once.variant);
}

std::string with_time(const std::optional<std::string>& image, const std::optional<Instant>& since) {
  if (!image) return "not known";
  return since ? fmt::format("{}  since {}", *image, api::rfc3339(*since).substr(0, 16)) : *image;
}

}  // namespace

int machine_list(const Context& context) {
  return show<api::MachineList>(context, "/api/v1/machines", [](const api::MachineList& list) {
    if (list.machines.empty())
      return print_line("no machine is named in the configuration, and none was heard of yet");
    Table table({"MACHINE", "MAC", "ADDRESS", "BOOTS", "DESIRED", "RUNNING", "LAST GOOD", "STANDS"});
    for (const api::MachineView& machine : list.machines) {
      table.row({machine.name.value_or("-"), machine.machine.empty() ? "-" : machine.machine,
                 machine.address.value_or(machine.reserved_address.value_or("-")),
                 machine.profile.value_or("-"), desired(machine), machine.running.value_or("-"),
                 machine.last_good.value_or("-"), machine.stands});
    }
    fmt::print("{}", table.to_string());
    return exit_ok;
  });
}

int machine_show(const Context& context, const std::string& machine) {
  std::string target = "/api/v1/machines/" + url_part(machine);
  return show<api::MachineView>(context, target, [](const api::MachineView& it) {
    fmt::print("{}\n\n", it.name.value_or(it.machine));
    auto line = [](std::string_view what, const std::string& says) {
      if (!says.empty()) fmt::print("  {:<16}{}\n", what, says);
    };
    line("MAC", fmt::format("{}", fmt::join(it.macs, ", ")));
    line("UUID", it.uuid.value_or(""));
    line("address", it.address.value_or(it.reserved_address.value_or("")));
    line("profile", it.profile.value_or(""));
    line("desired", it.desired ? fmt::format("{}  says {}", *it.desired, *it.desired_by) : "nothing");
    if (it.once) line("next boot", desired(it) + (it.once->served ? ", begun" : ""));
    line("running", with_time(it.running, it.running_since));
    line("last known good", with_time(it.last_good, it.last_good_since));
    fmt::print("\n  {}\n", it.sentence);
    return exit_ok;
  });
}

int machine_forget(const Context& context, const std::string& machine) {
  return act(context, http::Method::delete_, fmt::format("/api/v1/machines/{}/memory", url_part(machine)));
}

}  // namespace slipway::cli
