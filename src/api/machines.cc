// SPDX-License-Identifier: MPL-2.0
#include "api/machines.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "base/nearest.h"
#include "timeline/verdict.h"

namespace slipway::api {

Machines::Machines(const model::Plan& plan, const lease::Book& book, const timeline::Timeline& timeline,
                   Instant now)
    : plan_(plan), timeline_(timeline), now_(now) {
  for (const lease::Lease& lease : book.list()) {
    if (!lease.runs(now)) continue;
    leased_.emplace(lease.mac, lease.address);
    holder_.emplace(lease.address, lease.mac);
  }
}

bool Machines::was_seen(const MacAddress& mac) const {
  return leased_.contains(mac) || !timeline_.boots(mac, now_).empty() || !timeline_.events(mac).empty();
}

std::optional<FoundMachine> Machines::find(std::string_view text) const {
  if (const model::Machine* named = plan_.find_machine(text)) return FoundMachine{named, named->macs};
  auto mac = MacAddress::parse(text);
  if (mac && !was_seen(*mac)) return std::nullopt;
  if (auto address = Ipv4::parse(text)) {
    auto holder = holder_.find(*address);
    mac = holder != holder_.end() ? std::optional(holder->second) : timeline_.machine_at(*address);
  }
  if (!mac) return std::nullopt;
  const model::Machine* named = plan_.machine(*mac);
  return named ? FoundMachine{named, named->macs} : FoundMachine{nullptr, {*mac}};
}

Fault Machines::unknown(std::string_view text) const {
  if (auto mac = MacAddress::parse(text))
    return {
        fmt::format("{} is not in the configuration and has sent nothing to this server", mac->to_string()),
        "see that it boots from the network and that its port is in the right VLAN"};
  if (Ipv4::parse(text))
    return {fmt::format("no machine holds {} and none was seen with it", text),
            "`slipway lease list` shows who has what"};

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
  std::vector<FoundMachine> found;
  std::unordered_set<MacAddress> listed;
  for (const model::Machine& machine : plan_.machines()) {
    if (machine.macs.empty()) continue;  // known by its UUID alone, until it shows itself
    found.push_back({&machine, machine.macs});
    listed.insert(machine.macs.begin(), machine.macs.end());
  }
  auto add_stranger = [&](const MacAddress& mac) {
    if (listed.insert(mac).second) found.push_back({nullptr, {mac}});
  };
  for (const MacAddress& mac : timeline_.machines()) add_stranger(mac);
  std::vector<std::pair<Ipv4, MacAddress>> holders(holder_.begin(), holder_.end());
  std::sort(holders.begin(), holders.end());
  for (const auto& [address, mac] : holders) add_stranger(mac);
  return found;
}

std::optional<timeline::Boot> Machines::newest_boot(const FoundMachine& machine) const {
  std::optional<timeline::Boot> newest;
  for (const MacAddress& mac : machine.macs) {
    auto boot = timeline_.explain(mac, now_);
    if (boot && (!newest || boot->started > newest->started)) newest = std::move(boot);
  }
  return newest;
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
  }
  if (boot) {
    if (!out.address && !boot->address.is_any()) out.address = boot->address.to_string();
    out.last_seen = boot->last;
    out.verdict = to_string(boot->verdict.code);
    out.failed = is_failure(boot->verdict.code);
    out.stands = timeline::standing(*boot);
    out.sentence = boot->verdict.sentence;
  } else {
    out.stands = out.address ? "holds an address" : "not seen yet";
    out.sentence = out.address ? "holds an address; no boot of it was seen since this server started"
                               : "not seen since this server started";
  }
  return out;
}

}  // namespace slipway::api
