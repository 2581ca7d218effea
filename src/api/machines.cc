// SPDX-License-Identifier: MPL-2.0
#include "api/machines.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "api/unknown_address.h"
#include "api/views.h"
#include "base/nearest.h"
#include "boot/decide.h"
#include "boot/desired.h"
#include "timeline/verdict.h"

namespace slipway::api {
namespace {

constexpr std::size_t most_cards = 8;  // of a machine that names none

std::optional<std::string> last_stage_of(const timeline::Boot& boot) {
  using timeline::StageState;
  std::optional<std::string> last;
  for (const timeline::Stage& stage : boot.stages) {
    if (stage.state != StageState::waiting && stage.state != StageState::skipped)
      last = to_string(stage.name);
  }
  return last;
}

bool contains(const std::vector<MacAddress>& macs, const MacAddress& mac) {
  return std::find(macs.begin(), macs.end(), mac) != macs.end();
}

}  // namespace

Machines::Machines(const model::Plan& plan, const lease::Book& book, const timeline::Timeline& timeline,
                   Instant now, const assign::State* assigned)
    : plan_(plan), timeline_(timeline), names_(plan, timeline), now_(now), assigned_(assigned) {
  for (const auto& called : timeline.called()) {
    if (const model::Machine* named = names_.machine(called.machine)) heard_as(*named, called.machine);
  }
  for (const lease::Lease& lease : book.list()) {
    if (!lease.runs(now)) continue;
    if (const model::Machine* named = names_.holder(lease)) heard_as(*named, lease.mac);
    leased_.emplace(lease.mac, lease.address);
    holder_.emplace(lease.address, lease.mac);
  }
}

/// A port of a relay may have had many in its time.
void Machines::heard_as(const model::Machine& named, const MacAddress& mac) {
  if (mac.is_zero() || contains(named.macs, mac)) return;
  auto& macs = heard_as_[named.name];
  if (macs.size() < most_cards && !contains(macs, mac)) macs.push_back(mac);
}

FoundMachine Machines::found(const model::Machine& named) const {
  FoundMachine machine{&named, named.macs};
  auto heard = heard_as_.find(named.name);
  if (heard != heard_as_.end())
    machine.macs.insert(machine.macs.end(), heard->second.begin(), heard->second.end());
  return machine;
}

bool Machines::was_seen(const MacAddress& mac) const {
  return leased_.contains(mac) || !timeline_.boots(mac, now_).empty() || !timeline_.events(mac).empty();
}

std::optional<FoundMachine> Machines::find(std::string_view text) const {
  if (const model::Machine* named = plan_.find_machine(text)) return found(*named);
  auto mac = MacAddress::parse(text);
  if (mac && !was_seen(*mac)) return std::nullopt;
  if (auto address = Ipv4::parse(text)) {
    auto holder = holder_.find(*address);
    mac = holder != holder_.end() ? std::optional(holder->second) : timeline_.machine_at(*address);
  }
  if (!mac) return std::nullopt;
  const model::Machine* named = names_.machine(*mac);
  return named ? found(*named) : FoundMachine{nullptr, {*mac}};
}

Fault Machines::unknown(std::string_view text) const {
  if (auto mac = MacAddress::parse(text))
    return {
        fmt::format("{} is not in the configuration and has sent nothing to this server", mac->to_string()),
        "see that it boots from the network and that its port is in the right VLAN"};
  if (auto address = Ipv4::parse(text)) return unknown_address(*address, plan_, timeline_, now_);

  std::vector<std::string> words;
  for (const FoundMachine& machine : all()) {
    if (machine.named) words.push_back(machine.named->name);
    for (const MacAddress& mac : machine.macs) words.push_back(mac.to_string());
  }
  std::vector<std::string_view> candidates(words.begin(), words.end());
  auto meant = nearest(text, candidates);
  std::string what = fmt::format("no machine is called \"{}\"", text);
  return {meant ? fmt::format("{}; did you mean {}?", what, *meant) : what,
          "give its name, MAC address or IP address; `slipway machine list` shows them"};
}

std::vector<FoundMachine> Machines::all() const {
  std::vector<FoundMachine> all;
  std::unordered_set<MacAddress> listed;
  for (const model::Machine& machine : plan_.machines()) {
    all.push_back(found(machine));
    listed.insert(all.back().macs.begin(), all.back().macs.end());
  }
  auto add_stranger = [&](const MacAddress& mac) {
    if (listed.insert(mac).second) all.push_back({nullptr, {mac}});
  };
  for (const MacAddress& mac : timeline_.machines()) add_stranger(mac);
  std::vector<std::pair<Ipv4, MacAddress>> holders(holder_.begin(), holder_.end());
  std::sort(holders.begin(), holders.end());
  for (const auto& [address, mac] : holders) add_stranger(mac);
  return all;
}

std::optional<timeline::Boot> Machines::newest_boot(const FoundMachine& machine) const {
  std::optional<timeline::Boot> newest;
  for (const MacAddress& mac : machine.macs) {
    auto boot = timeline_.explain(mac, now_);
    if (boot && (!newest || boot->started > newest->started)) newest = std::move(boot);
  }
  return newest;
}

std::optional<timeline::Heard> Machines::heard_of(const FoundMachine& machine) const {
  std::vector<timeline::Event> events;
  for (const MacAddress& mac : machine.macs) {
    for (timeline::Event& event : timeline_.events(mac)) events.push_back(std::move(event));
  }
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
  return timeline::heard_of(events, now_);
}

std::vector<timeline::Boot> Machines::boots(const FoundMachine& machine) const {
  std::vector<timeline::Boot> all;
  for (const MacAddress& mac : machine.macs) {
    for (timeline::Boot& boot : timeline_.boots(mac, now_)) all.push_back(std::move(boot));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.started > b.started; });
  return all;
}

/// What it is to boot, and what it was seen to boot.
void Machines::add_images(const FoundMachine& machine, MachineView& out) const {
  if (!assigned_) return;
  MacAddress mac = machine.macs.empty() ? MacAddress{} : machine.macs.front();
  std::string key = model::machine_key(machine.named, mac);
  model::Client client;
  client.mac = mac;
  bool boots = machine.named || boot::course_of(plan_, client) == boot::Course::boot;
  const model::Profile* profile = boots ? boot::profile_of(plan_, machine.named) : nullptr;
  if (profile) {
    auto [image, by] = boot::desired_of(plan_, *profile, machine.named, key);
    if (image || by) out.desired = image ? boot::title_of(*image) : boot::title_of(*by);
    if (out.desired) out.desired_by = by ? by->to.to_string() : "the file";
  }
  if (auto* once = assigned_->assignments.once(key)) out.once = api::view(*once);
  const assign::MachineRecord* record = assigned_->machine(key);
  if (!record) return;
  if (!record->running.empty()) {
    out.running = record->running_version;
    out.running_since = record->running_since;
  }
  if (!record->good.empty()) {
    out.last_good = record->good_version;
    out.last_good_since = record->good_since;
  }
}

MachineView Machines::view(const FoundMachine& machine) const {
  MachineView out;
  auto boot = newest_boot(machine);
  for (const MacAddress& mac : machine.macs) {
    out.macs.push_back(mac.to_string());
    auto lease = leased_.find(mac);
    if (lease != leased_.end() && !out.address) out.address = lease->second.to_string();
  }
  out.machine = out.macs.empty() ? "" : out.macs.front();
  if (const model::Machine* named = machine.named) {
    out.name = named->name;
    if (named->uuid) out.uuid = named->uuid->to_string();
    if (named->address) out.reserved_address = named->address->to_string();
    out.profile = named->profile.empty() ? plan_.default_profile().name : named->profile;
    for (const model::Group* group : plan_.groups_of(*named)) out.groups.push_back(group->name);
  }
  add_images(machine, out);
  if (boot) {
    if (!out.address && !boot->address.is_any()) out.address = boot->address.to_string();
    out.last_seen = boot->last;
    out.boot = boot->id;
    out.boot_started = boot->started;
    out.stage = last_stage_of(*boot);
    if (boot->arch) out.arch = to_string(*boot->arch);
    out.verdict = to_string(boot->verdict.code);
    out.failed = is_failure(boot->verdict.code);
    if (!boot->diagnoses.empty()) out.diagnosis = boot->diagnoses.front().id;
    out.stands = timeline::standing(*boot);
    out.sentence = boot->verdict.sentence;
  } else if (auto heard = heard_of(machine)) {
    if (!out.address && !heard->address.is_any()) out.address = heard->address.to_string();
    out.last_seen = heard->last;
    out.stands = heard->stands;
    out.sentence = heard->sentence;
  } else {
    out.stands = out.address ? "holds an address" : "not seen yet";
    out.sentence = out.address ? "holds an address; no boot of it was seen since this server started"
                               : "not seen since this server started";
  }
  return out;
}

}  // namespace slipway::api
