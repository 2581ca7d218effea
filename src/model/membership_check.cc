// SPDX-License-Identifier: MPL-2.0
#include "model/membership_check.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/nearest.h"

namespace slipway::model {
namespace {

using Names = std::set<std::string_view>;

class MembershipCheck {
 public:
  MembershipCheck(const Draft& draft, const Unread& unread, Problems& problems)
      : draft_(draft), unread_(unread), problems_(problems) {}

  void run() {
    classes_ = unique_names(draft_.classes, "class");
    Names before;
    for (const BootClass& one : draft_.classes) {
      if (one.when)
        check_condition(place_of(one, "when"), fmt::format("class '{}'", one.name), *one.when, before);
      before.insert(one.name);
    }
    unique_names(draft_.groups, "group");
    for (const Machine& machine : draft_.machines) machines_.insert(machine.name);
    for (const Machine& machine : draft_.machines) check_machine(machine);
    for (const Group& group : draft_.groups) check_group(group);
  }

 private:
  void error(const Place& place, std::string what, std::string remedy) {
    problems_.push_back({place, std::move(what), std::move(remedy), Severity::error});
  }

  template <typename Noun>
  Names unique_names(const std::vector<Noun>& nouns, std::string_view kind) {
    Names names;
    for (const Noun& noun : nouns) {
      if (is_unread(noun, "name") || names.insert(noun.name).second) continue;
      error(place_of(noun, "name"), fmt::format("{} '{}' is there twice", kind, noun.name), "");
    }
    return names;
  }

  void check_machine(const Machine& machine) {
    for (const std::string& name : machine.classes) {
      if (unread_.classes || classes_.count(name)) continue;
      report_missing(place_of(machine, "classes"), fmt::format("machine '{}'", machine.name), "class", name,
                     classes_);
    }
  }

  void check_group(const Group& group) {
    auto who = fmt::format("group '{}'", group.name);
    if (group.machines.empty() && !group.when && !is_unread(group, "machines", "when")) {
      error(group.place, who + " has no members", "name its machines, or say when one belongs to it");
    }
    if (group.when) check_condition(place_of(group, "when"), who, *group.when, classes_);
    for (const std::string& name : group.machines) {
      if (unread_.machines || machines_.count(name) || may_be_nameless(name)) continue;
      report_missing(place_of(group, "machines"), who, "machine", name, machines_);
    }
    // What a machine boots is asked for over HTTP, too, where no packet is there to be looked at.
    if (!group.machines.empty() || is_unread(group, "machines")) return;
    if (!group.profile.empty())
      error(place_of(group, "profile"), who + " has a profile but names no machines",
            "name them, or give those machines the profile themselves");
    const BootFiles& files = group.boot_files;
    if (!files.modules.empty() || files.networking || files.answers)
      error(place_of(group, !files.modules.empty() ? "modules"
                            : files.answers        ? "answers"
                                                   : "networking"),
            who + " has boot modules but names no machines",
            "name them: `when` looks at DHCP packets, and files are asked for without one");
  }

  /// A machine without a name goes by what it is known by: that may be what could not be read.
  bool may_be_nameless(const std::string& name) const {
    return std::any_of(draft_.machines.begin(), draft_.machines.end(), [&](const Machine& machine) {
      if (!machine.name.empty()) return false;
      bool other = is_unread(machine, "uuid", "client-id", "relay-circuit", "relay-remote");
      return other || (is_unread(machine, "mac") && MacAddress::parse(name));
    });
  }

  /// A class may ask for classes `before` it alone: so none can ask for itself.
  void check_condition(const Place& place, const std::string& who, const ClassCondition& when,
                       const Names& before) {
    for (const std::string& name : when.classes) {
      if (unread_.classes || before.count(name)) continue;
      if (!classes_.count(name)) {
        report_missing(place, who, "class", name, classes_);
      } else {
        error(place, fmt::format("{} asks for class '{}', which does not stand before it", who, name),
              "a class can ask only for those above it");
      }
    }
    for (const ClassCondition& part : when.any) check_condition(place, who, part, before);
    for (const ClassCondition& part : when.none) check_condition(place, who, part, before);
  }

  void report_missing(const Place& place, const std::string& who, std::string_view kind,
                      const std::string& name, const Names& known) {
    std::vector<std::string_view> names(known.begin(), known.end());
    auto near = nearest(name, names);
    error(place, fmt::format("{}: there is no {} '{}'", who, kind, name),
          near ? fmt::format("did you mean '{}'?", *near) : fmt::format("add a [[{}]] of that name", kind));
  }

  const Draft& draft_;
  const Unread& unread_;
  Problems& problems_;
  Names classes_, machines_;
};

}  // namespace

void check_memberships(const Draft& draft, const Unread& unread, Problems& problems) {
  MembershipCheck(draft, unread, problems).run();
}

}  // namespace slipway::model
