// SPDX-License-Identifier: MPL-2.0
#include "timeline/evidence.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "base/quantity.h"

namespace slipway::timeline {
namespace {

using List = std::vector<Evidence>;

Evidence of_stage(const StageFacts& facts, std::string text) {
  return {std::move(text), facts.shown.count, facts.shown.at, facts.last};
}

/// Packets of a stage of the first exchange.
List packets(const Facts& facts, StageName name, const std::string& text) {
  if (!facts.attempt.reached(name)) return {};
  return {of_stage(facts.attempt.facts(name), text)};
}

std::string of_address(const Attempt& attempt) {
  return attempt.address().is_any() ? "" : " of " + attempt.address().to_string();
}

List transfer(const Facts& facts, StageName name) {
  const StageFacts& stage = facts.attempt.facts(name);
  if (stage.shown.state == StageState::waiting) return {};
  std::string size = stage.shown.total == 0 ? "" : " of " + human_bytes(stage.shown.total);
  std::string why = stage.reason.empty() ? "" : ": " + printable(stage.reason);
  std::string file = stage.file.empty() ? std::string(to_string(name)) : printable(stage.file);
  return {of_stage(stage, fmt::format("{}: {}{}{}", file, human_bytes(stage.shown.bytes), size, why))};
}

List ignored(const Attempt& attempt) {
  List list;
  for (const IgnoredPackets& packets : attempt.ignored()) {
    std::string name = packets.name.empty() ? "DHCP packet" : printable(packets.name);
    list.push_back({fmt::format("{} not answered: {}", name, printable(packets.reason)), packets.count,
                    packets.first, packets.last});
  }
  return list;
}

List servers(const Facts& facts) {
  List list;
  if (Ipv4 chosen = facts.attempt.chosen_server(); !chosen.is_any())
    list.push_back({fmt::format("its DHCPREQUEST was for the server {}", chosen.to_string()), 0, {}, {}});
  for (Ipv4 server : facts.around.foreign_servers)
    list.push_back({fmt::format("the DHCP server {} is heard", server.to_string()), 0, {}, {}});
  return list;
}

List addresses(const Attempt& attempt) {
  Ipv4 first = attempt.firmware_address(), second = attempt.loader_address();
  if (first.is_any() || second.is_any()) return {};
  return {{fmt::format("{} was given to its firmware", first.to_string()), 0, {}, {}},
          {fmt::format("{} was given to {}", second.to_string(), program_of(attempt.loader())), 0, {}, {}}};
}

List given(const Attempt& attempt) {
  if (!attempt.reached(StageName::ack)) return {};
  std::string file = attempt.boot_file().empty() ? "no boot file" : printable(attempt.boot_file());
  return {of_stage(attempt.facts(StageName::ack),
                   fmt::format("DHCPACK{}, naming {}", of_address(attempt), file))};
}

List refused_address(const Attempt& attempt) {
  if (attempt.nakked()) return {{"DHCPNAK: " + printable(attempt.nak()), 0, {}, {}}};
  if (attempt.declined()) return {{"DHCPDECLINE" + of_address(attempt), 0, {}, {}}};
  return {};
}

List blocks(const StageFacts& loader) {
  if (loader.block == 0) return {};
  return {{fmt::format("blocks of {} bytes, {} acknowledged", loader.block, human_bytes(loader.shown.bytes)),
           0,
           {},
           {}}};
}

List second_dhcp(const Attempt& attempt) {
  if (!attempt.reached(StageName::ipxe)) return {};
  return {of_stage(attempt.facts(StageName::ipxe),
                   fmt::format("{} asked for an address", program_of(attempt.loader())))};
}

List refusal(const Facts& facts) {
  const std::string& told =
      facts.attempt.refusal().empty() ? facts.attempt.facts(facts.stage).reason : facts.attempt.refusal();
  if (told.empty()) return {};
  return {{"it was told: " + printable(told), 0, {}, {}}};
}

List modules(const Attempt& attempt) {
  std::string missing = attempt.missing_module();
  if (missing.empty()) missing = attempt.trouble();
  if (missing.empty()) return {};
  return {{"not delivered: " + printable(missing), 0, {}, {}}};
}

List up(const Attempt& attempt) {
  if (auto since = attempt.up_since()) return {{"up: " + printable(attempt.up_sign()), 0, since, {}}};
  const model::UpRule& rule = attempt.up_rule();
  return {{fmt::format("not seen up; waited for: {}, within {}", model::to_string(rule),
                       human_duration(rule.within)),
           0,
           {},
           {}}};
}

List returns(const Facts& facts) {
  List list;
  if (facts.around.returns > 0)
    list.push_back({"came back to boot soon after it was given everything", facts.around.returns, {}, {}});
  if (facts.around.next_began)
    list.push_back({fmt::format("asked to boot again {} after the last byte",
                                human_duration(*facts.around.next_began - facts.attempt.delivered_at())),
                    0,
                    facts.around.next_began,
                    {}});
  return list;
}

}  // namespace

List evidence_of(Clue clue, const Facts& facts) {
  const Attempt& attempt = facts.attempt;
  switch (clue) {
    case Clue::asked:
      return packets(facts, StageName::discover, attempt.bootp() ? "BOOTP request" : "DHCPDISCOVER");
    case Clue::offered:
      return packets(facts, StageName::offer,
                     (attempt.by_proxy() ? "proxyDHCP offer" : "DHCPOFFER") + of_address(attempt));
    case Clue::requested:
      return packets(facts, StageName::request, "DHCPREQUEST" + of_address(attempt));
    case Clue::given:
      return given(attempt);
    case Clue::waited:
      if (attempt.waited() == 0) return {};
      return {{fmt::format("its first packet says that it had been asking for {} s", attempt.waited()),
               0,
               attempt.started(),
               {}}};
    case Clue::relay:
      if (attempt.relay().is_any()) return {};
      return {{fmt::format("its packets come by the relay {}", attempt.relay().to_string()), 0, {}, {}}};
    case Clue::servers:
      return servers(facts);
    case Clue::ignored:
      return ignored(attempt);
    case Clue::refused_address:
      return refused_address(attempt);
    case Clue::addresses:
      return addresses(attempt);
    case Clue::architecture:
      if (!attempt.arch()) return {};
      return {{"its firmware says: " + model::to_string(*attempt.arch()), 0, {}, {}}};
    case Clue::loader:
      return transfer(facts, StageName::loader);
    case Clue::blocks:
      return blocks(attempt.facts(StageName::loader));
    case Clue::unheard:
      if (!attempt.facts(StageName::loader).unheard) return {};
      return {{"nothing came back from it after its request", 0, {}, {}}};
    case Clue::second_dhcp:
      return second_dhcp(attempt);
    case Clue::script:
      return transfer(facts, StageName::script);
    case Clue::refusal:
      return refusal(facts);
    case Clue::module:
      return modules(attempt);
    case Clue::kernel:
      return transfer(facts, StageName::kernel);
    case Clue::archive:
      return transfer(facts, StageName::archive);
    case Clue::up:
      return up(attempt);
    case Clue::returns:
      return returns(facts);
    case Clue::silence:
      return {{"nothing heard of it since", 0, last_of(attempt, facts.stage), {}}};
  }
  return {};
}

}  // namespace slipway::timeline
