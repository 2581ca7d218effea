// SPDX-License-Identifier: MPL-2.0
#include "assign/trial.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "boot/desired.h"
#include "boot/loader_lint.h"

namespace slipway::assign {
namespace {

using model::Assignee;
using model::Machine;

bool is_plain(const Machine& machine) {
  const model::BootFiles& files = machine.boot_files;
  return machine.properties.empty() && machine.flags.empty() && machine.arguments.empty() && !machine.san &&
         files.modules.empty() && !files.networking && !files.answers;
}

class Trier {
 public:
  Trier(const model::Plan& plan, const BaseOf& base_of) : plan_(plan), base_of_(base_of) {}

  /// Whoever boots what `to` was given; of a kind of machine one.
  void look_at(const Machine* machine, const MacAddress& mac, const Assignee& to, model::ImageKind kind) {
    const model::Profile* profile = boot::profile_of(plan_, machine);
    if (!profile) return;
    auto desired = boot::desired_of(plan_, *profile, machine, model::machine_key(machine, mac));
    if (!desired.by || desired.by->to != to || desired.by->kind != kind) return;
    bool plain = machine && is_plain(*machine);
    std::tuple one{profile, desired.image, boot::language_of(plan_, machine)};
    if (!plain || seen_.insert(one).second) judge(machine, mac);
  }

  void judge(const Machine* machine, const MacAddress& mac) {
    model::Client client = machine ? model::client_of(*machine) : model::Client{};
    if (!machine) client.mac = mac;
    std::string who = machine         ? machine->name
                      : mac.is_zero() ? "a machine the file does not name"
                                      : mac.to_string();
    auto decision = boot::decide(plan_, client);
    if (auto* refusal = std::get_if<boot::Refusal>(&decision))
      trial.errors.push_back(fmt::format("{}: {}; {}", who, refusal->sentence, refusal->remedy));
    boot::ScriptContext context;
    context.base = base_of_(machine);
    context.mac = client.mac;
    context.machine = who;
    for (const boot::Finding& finding : boot::lint(boot::language_of(plan_, machine), decision, context)) {
      auto& list = finding.severity() == Severity::error ? trial.errors : trial.warnings;
      std::string line = fmt::format("{}: {} ({}); {}", who, finding.sentence, finding.id(), finding.remedy);
      if (std::find(list.begin(), list.end(), line) == list.end()) list.push_back(std::move(line));
    }
  }

  Trial trial;

 private:
  const model::Plan& plan_;
  const BaseOf& base_of_;
  std::set<std::tuple<const model::Profile*, const model::Image*, boot::Language>> seen_;
};

/// An order for one boot hides what is assigned.
std::shared_ptr<const model::Plan> without_orders(const model::Plan& plan) {
  auto standing = std::make_shared<model::Assignments>(plan.assignments());
  standing->clear_onces();
  return plan.with_assignments(std::move(standing));
}

}  // namespace

Trial try_out(const model::Plan& plan, const Assignee& to, model::ImageKind kind, const BaseOf& base_of) {
  auto looked_at = without_orders(plan);
  Trier trier(*looked_at, base_of);
  for (const Machine& machine : looked_at->machines()) trier.look_at(&machine, {}, to, kind);
  MacAddress stranger;
  if (to.kind == Assignee::Kind::machine) stranger = MacAddress::parse(to.name).value_or(MacAddress{});
  trier.look_at(nullptr, stranger, to, kind);
  return std::move(trier.trial);
}

Trial try_once(const model::Plan& plan, std::string_view key, const BaseOf& base_of) {
  Trier trier(plan, base_of);
  const Machine* machine = plan.find_machine(key);
  trier.judge(machine, MacAddress::parse(key).value_or(MacAddress{}));
  return std::move(trier.trial);
}

}  // namespace slipway::assign
