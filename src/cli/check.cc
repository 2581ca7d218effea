// SPDX-License-Identifier: MPL-2.0
// slipway check: everything that can be said about a configuration before a machine asks.
#include <fmt/format.h>
#include <unistd.h>

#include "boot/decide.h"
#include "boot/lint.h"
#include "boot/loader_check.h"
#include "cli/script_context.h"
#include "cli/verbs.h"
#include "config/config.h"
#include "image/store.h"

namespace slipway::cli {
namespace {

bool exists(const std::string& path) {
  return ::access(path.c_str(), R_OK) == 0;
}

/// What every named machine, and one nobody named, would be refused for.
void check_boots(const model::Plan& plan, Problems& problems) {
  auto judge = [&](const model::Client& client, const Place& place, const std::string& who) {
    auto decision = boot::decide(plan, client);
    if (auto* refusal = std::get_if<boot::Refusal>(&decision)) {
      problems.push_back({place, fmt::format("{} would not boot: {}", who, refusal->sentence),
                          refusal->remedy, Severity::warning});
    }
    for (const boot::Finding& finding : boot::lint(decision, script_context(plan, client))) {
      problems.push_back({place, fmt::format("{}: {}: {}", who, finding.id(), finding.sentence),
                          finding.remedy, finding.severity()});
    }
  };
  model::Client stranger;
  stranger.arch = model::Arch::bios;
  judge(stranger, plan.boot().place, "a machine that this file does not name");
  for (const model::Machine& machine : plan.machines()) {
    model::Client client = stranger;
    client.mac = machine.macs.front();
    judge(client, machine.place, fmt::format("machine '{}'", machine.name));
  }
}

int print(const Problems& problems, const std::string& file) {
  for (const Problem& problem : problems) fmt::print("{}\n", problem.to_string());
  if (has_errors(problems)) return exit_failed;
  fmt::print("{}: in order{}\n", file, problems.empty() ? "" : ", with warnings");
  return exit_ok;
}

}  // namespace

int check(const Context& context, const std::string& named) {
  std::string file = named.empty() ? context.config : named;
  auto first = config::load(file, {});
  if (!first) return print(first.error().problems, file);
  image::Store::Listing stored = image::Store((*first)->server().state).list();
  auto plan = (*first)->with_images(std::move(stored.images));
  Problems problems = boot::missing_loaders(*plan, exists);
  for (Problem& problem : problems) problem.place.file = file;
  problems.insert(problems.end(), stored.problems.begin(), stored.problems.end());
  check_boots(*plan, problems);
  return print(problems, file);
}

}  // namespace slipway::cli
