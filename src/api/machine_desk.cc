// SPDX-License-Identifier: MPL-2.0
#include "api/machine_desk.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/answer.h"
#include "api/page.h"
#include "api/query.h"
#include "api/views.h"

namespace slipway::api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

constexpr std::uint64_t most_events = 4096;
constexpr std::size_t usual_boots = 100;

/// Named ones first, then the others by their MAC address.
std::string key_of(const FoundMachine& machine) {
  return machine.named ? "0" + machine.named->name : "1" + machine.macs.front().to_string();
}

/// Newest first.
std::string key_of(const BootView& boot) {
  return fmt::format("{:016x}", ~boot.id);
}

bool contains(const std::string& text, std::string_view part) {
  auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool has_text(const MachineView& machine, std::string_view part) {
  return contains(machine.name.value_or(""), part) || contains(machine.address.value_or(""), part) ||
         contains(machine.reserved_address.value_or(""), part) ||
         std::any_of(machine.macs.begin(), machine.macs.end(),
                     [&](const std::string& mac) { return contains(mac, part); });
}

bool is_asked_for(const MachineView& machine, const Request& request) {
  auto group = request.target.parameter("group");
  if (group && std::find(machine.groups.begin(), machine.groups.end(), *group) == machine.groups.end())
    return false;
  auto part = request.target.parameter("q");
  if (part && !has_text(machine, *part)) return false;
  if (request.target.parameter("failed") && flag(request, "failed") != machine.failed) return false;
  return fits(request, "profile", machine.profile.value_or("")) &&
         fits(request, "verdict", machine.verdict.value_or("")) &&
         fits(request, "stage", machine.stage.value_or(""));
}

bool is_asked_for(const BootView& boot, const Request& request) {
  if (request.target.parameter("failed") && flag(request, "failed") != boot.failed) return false;
  return fits(request, "verdict", boot.verdict);
}

BootView named_view(const timeline::Boot& boot, const Names& names) {
  BootView out = view(boot);
  if (const model::Machine* named = names.machine(boot.machine)) out.machine_name = named->name;
  return out;
}

Response boot_page(std::vector<BootView> boots, const Request& request) {
  auto page = page_of(request, usual_boots);
  if (!page) return page.error();
  std::erase_if(boots, [&](const BootView& boot) { return !is_asked_for(boot, request); });
  BootList list{std::move(boots), {}};
  list.next = cut(list.boots, *page, [](const BootView& boot) { return key_of(boot); });
  return answer(list);
}

}  // namespace

Machines machines_of(const World& world, const model::Plan& plan) {
  return Machines(plan, world.book, world.timeline, world.now(), &world.assignments);
}

Response not_found(const Fault& fault) {
  return problem(404, fault.what, fault.remedy);
}

std::vector<timeline::Event> past_events(const World& world, std::uint64_t since, std::uint64_t most,
                                         const FoundMachine* whose) {
  if (!whose) return world.timeline.recent(since, most);
  std::vector<timeline::Event> events;
  for (const MacAddress& mac : whose->macs) {
    for (auto& told : {world.timeline.events(mac), world.timeline.strangers(mac)}) {
      for (const timeline::Event& event : told) {
        if (event.sequence > since) events.push_back(event);
      }
    }
  }
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
  if (events.size() > most) events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(most));
  return events;
}

/// Filters that need no view come first, and a page's worth is looked at in full alone where no other is
/// asked for.
Response MachineDesk::list(const Request& request, const Captures&) const {
  auto page = page_of(request);
  if (!page) return page.error();
  auto plan = world_.plan();
  Machines machines = machines_of(world_, *plan);
  auto found = machines.all();
  if (request.target.parameter("named")) {
    bool wanted = flag(request, "named");
    std::erase_if(found, [&](const FoundMachine& machine) { return (machine.named != nullptr) != wanted; });
  }
  bool filtered =
      std::any_of(request.target.query.begin(), request.target.query.end(), [](const auto& parameter) {
        return parameter.first != "limit" && parameter.first != "cursor" && parameter.first != "named";
      });
  MachineList list;
  auto by_key = [](const FoundMachine& machine) { return key_of(machine); };
  if (!filtered) list.next = cut(found, *page, by_key);
  std::vector<std::pair<std::string, MachineView>> seen;
  for (const FoundMachine& machine : found) {
    MachineView view = machines.view(machine);
    if (!filtered || is_asked_for(view, request)) seen.emplace_back(key_of(machine), std::move(view));
  }
  if (filtered) list.next = cut(seen, *page, [](const auto& one) { return one.first; });
  for (auto& one : seen) list.machines.push_back(std::move(one.second));
  return answer(list);
}

Response MachineDesk::show(const Request&, const Captures& captures) const {
  auto plan = world_.plan();
  Machines machines = machines_of(world_, *plan);
  auto found = machines.find(captures["machine"]);
  return found ? answer(machines.view(*found)) : not_found(machines.unknown(captures["machine"]));
}

Response MachineDesk::explain(const Request& request, const Captures& captures) const {
  auto most = number(request, "boots", 1);
  if (!most) return most.error();
  auto plan = world_.plan();
  Machines machines = machines_of(world_, *plan);
  auto found = machines.find(captures["machine"]);
  if (!found) return not_found(machines.unknown(captures["machine"]));

  Names names(*plan, world_.timeline);
  Explanation explanation{machines.view(*found), {}, {}};
  auto boots = machines.boots(*found);
  boots.resize(std::min<std::size_t>(boots.size(), *most));
  for (const timeline::Boot& boot : boots) explanation.boots.push_back(named_view(boot, names));
  if (flag(request, "events")) {
    for (const timeline::Event& event : past_events(world_, 0, most_events, &*found)) {
      // Without a boot the events are all there is to tell.
      bool belongs = boots.empty() || std::any_of(boots.begin(), boots.end(), [&](const auto& boot) {
                       return boot.id == event.boot || (event.meant && event.at >= boot.started);
                     });
      if (belongs) explanation.events.push_back(view(event, names));
    }
  }
  return answer(explanation);
}

Response MachineDesk::boots_of(const Request& request, const Captures& captures) const {
  auto plan = world_.plan();
  Machines machines = machines_of(world_, *plan);
  auto found = machines.find(captures["machine"]);
  if (!found) return not_found(machines.unknown(captures["machine"]));
  std::vector<BootView> boots;
  for (const timeline::Boot& boot : machines.boots(*found))
    boots.push_back(named_view(boot, Names(*plan, world_.timeline)));
  return boot_page(std::move(boots), request);
}

Response MachineDesk::boots(const Request& request, const Captures&) const {
  auto plan = world_.plan();
  Names names(*plan, world_.timeline);
  std::vector<BootView> boots;
  for (const MacAddress& mac : world_.timeline.machines()) {
    for (const timeline::Boot& boot : world_.timeline.boots(mac, world_.now()))
      boots.push_back(named_view(boot, names));
  }
  return boot_page(std::move(boots), request);
}

Response MachineDesk::boot(const Request&, const Captures& captures) const {
  std::string_view text = captures["boot"];
  std::uint64_t id = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size())
    return problem(400, fmt::format("\"{}\" is no number of a boot", text), "/api/v1/boots lists them");
  auto plan = world_.plan();
  Names names(*plan, world_.timeline);
  auto mac = world_.timeline.machine_of_boot(id);
  for (const timeline::Boot& boot :
       mac ? world_.timeline.boots(*mac, world_.now()) : std::vector<timeline::Boot>()) {
    if (boot.id != id) continue;
    BootDetail detail{named_view(boot, names), {}};
    for (const timeline::Event& event : world_.timeline.events(*mac)) {
      if (event.boot == id) detail.events.push_back(view(event, names));
    }
    return answer(detail);
  }
  return problem(404, fmt::format("boot {} is not known, or not any more", id),
                 "a few of each machine's last boots are kept; /api/v1/boots lists them");
}

}  // namespace slipway::api
