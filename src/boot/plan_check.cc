// SPDX-License-Identifier: MPL-2.0
#include "boot/plan_check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <vector>

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

/// Loaders that a class hands out, whoever belongs to it, which packets tell.
struct ByClass {
  std::string_view name, file;
  Language language;
};

std::vector<ByClass> loaders_by_class(const model::Plan& plan) {
  std::vector<ByClass> found;
  for (const model::BootClass& each : plan.classes()) {
    auto language = language_of_file(each.boot_file);
    if (language && *language != Language::ipxe) found.push_back({each.name, each.boot_file, *language});
  }
  return found;
}

/// What every named machine, and one nobody named, would be refused for.
class Boots {
 public:
  Boots(const model::Plan& plan, const Loaders& here, const ContextOf& context_of, Problems& problems)
      : plan_(plan),
        context_of_(context_of),
        problems_(problems),
        by_class_(loaders_by_class(plan)),
        certain_(by_class_.empty() && !here.multiboot_from_uefi(model::Arch::uefi_x64)) {}

  void judge(const model::Client& client, const Place& place, const std::string& who) {
    Decision decision = decide(plan_, client);
    if (auto* refusal = std::get_if<Refusal>(&decision)) add(*refusal, place, who);
    ScriptContext context = context_of_(client);
    for (const Finding& finding : lint(language_of(plan_, machine_of(plan_, client)), decision, context))
      add(finding, place, who, certain_);
    for (const ByClass& given : by_class_) {
      for (const Finding& finding : lint(given.language, decision, context))
        add(finding, place, fmt::format("{}, where class '{}' gives it {}", who, given.name, given.file),
            false);
    }
  }

 private:
  void add(const Refusal& refusal, const Place& place, const std::string& who) {
    std::string what = fmt::format("{} would not boot: {}", who, refusal.sentence);
    if (refusal.why != Refusal::Why::arguments)
      problems_.push_back({place, what, refusal.remedy, Severity::warning});
    else if (!has_errors(problems_))  // these were judged where machine or profile says something of its own
      problems_.push_back({place, what, {}});
  }

  void add(const Finding& finding, const Place& place, const std::string& who, bool certain) {
    auto same = [&](const Problem& known) { return known.what.find(finding.sentence) != std::string::npos; };
    if (std::any_of(problems_.begin(), problems_.end(), same)) return;
    problems_.push_back(problem_of(finding, place, who));
    if (!certain) problems_.back().severity = Severity::warning;
  }

  const model::Plan& plan_;
  const ContextOf& context_of_;
  Problems& problems_;
  std::vector<ByClass> by_class_;
  bool certain_;  ///< which loader it will be
};

}  // namespace

Problems check_arguments(const model::Plan& plan) {
  Problems problems;
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
  return problems;
}

Problems check_plan(const model::Plan& plan, const Loaders& here, const ContextOf& context_of) {
  Problems problems = check_arguments(plan);
  Boots boots(plan, here, context_of, problems);
  model::Client stranger;
  stranger.arch = model::Arch::bios;
  boots.judge(stranger, plan.boot().place, "a machine that this file does not name");
  for (const model::Machine& machine : plan.machines()) {
    model::Client client = model::client_of(machine);
    client.arch = stranger.arch;
    boots.judge(client, machine.place, fmt::format("machine '{}'", machine.name));
  }
  return problems;
}

}  // namespace slipway::boot
