// SPDX-License-Identifier: MPL-2.0
#include "boot/plan_check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "boot/boot_files.h"
#include "boot/decide.h"
#include "boot/kernel_args.h"
#include "boot/loader_lint.h"

namespace slipway::boot {
namespace {

Problem problem_of(const Finding& finding, const Place& place, const std::string& who) {
  return {place, fmt::format("{}: {} ({})", who, finding.sentence, finding.id()), finding.remedy,
          finding.severity()};
}

/// Kernel arguments, boot modules and disks of every profile and machine in every variant, whether or not an
/// image is there yet.
void check_arguments(const model::Plan& plan, Problems& problems) {
  std::map<std::string, std::set<std::string>> of_profile;  // what was said of each
  auto judge = [&](const model::Profile& profile, const model::Machine* machine, const Place& place,
                   const std::string& who) {
    std::vector<model::Variant> variants = profile.variants;
    variants.insert(variants.begin(), model::Variant::normal);
    bool plain = machine && machine->properties.empty() && machine->flags.empty() &&
                 machine->boot_files.modules.empty();
    std::set<std::string> said;
    if (plain) said = of_profile[profile.name];
    for (model::Variant variant : variants) {
      auto args = kernel_args(profile, machine, variant);
      MacAddress mac = machine ? model::client_of(*machine).mac : MacAddress{};
      Findings findings = check(args);
      std::ranges::move(check(boot_files_of(plan, profile, machine, mac, args), args),
                        std::back_inserter(findings));
      if (auto disk = san_of(profile, machine, mac))
        std::ranges::move(disk->findings, std::back_inserter(findings));
      for (const Finding& finding : findings) {
        if (said.insert(finding.sentence).second) problems.push_back(problem_of(finding, place, who));
      }
    }
    if (!machine) of_profile[profile.name] = std::move(said);
  };
  for (const model::Profile& profile : plan.profiles())
    if (!profile.san)  // each machine has a disk of its own
      judge(profile, nullptr, place_of(profile, "properties"), fmt::format("profile '{}'", profile.name));
  for (const model::Machine& machine : plan.machines()) {
    const model::Profile* own = plan.profile(machine.profile);
    const model::Profile& profile = own ? *own : plan.default_profile();
    judge(profile, &machine, place_of(machine, "properties"), fmt::format("machine '{}'", machine.name));
  }
}

/// What every named machine, and one nobody named, would be refused for.
void check_boots(const model::Plan& plan, const ContextOf& context_of, Problems& problems) {
  auto judge = [&](const model::Client& client, const Place& place, const std::string& who) {
    auto decision = decide(plan, client);
    auto language = language_of(plan, machine_of(plan, client));
    auto* refusal = std::get_if<Refusal>(&decision);
    // Arguments were judged above, where machine or profile says something of its own.
    bool of_arguments = refusal && refusal->why == Refusal::Why::arguments;
    if (of_arguments && !has_errors(problems))
      problems.push_back({place, fmt::format("{} would not boot: {}", who, refusal->sentence), {}});
    if (refusal && !of_arguments) {
      problems.push_back({place, fmt::format("{} would not boot: {}", who, refusal->sentence),
                          refusal->remedy, Severity::warning});
    }
    for (const Finding& finding : lint(language, decision, context_of(client))) {
      auto same = [&](const Problem& known) {
        return known.what.find(finding.sentence) != std::string::npos;
      };
      if (std::none_of(problems.begin(), problems.end(), same))
        problems.push_back(problem_of(finding, place, who));
    }
  };
  model::Client stranger;
  stranger.arch = model::Arch::bios;
  judge(stranger, plan.boot().place, "a machine that this file does not name");
  for (const model::Machine& machine : plan.machines()) {
    model::Client client = model::client_of(machine);
    client.arch = stranger.arch;
    judge(client, machine.place, fmt::format("machine '{}'", machine.name));
  }
}

}  // namespace

Problems check_plan(const model::Plan& plan, const ContextOf& context_of) {
  Problems problems;
  check_arguments(plan, problems);
  check_boots(plan, context_of, problems);
  return problems;
}

}  // namespace slipway::boot
