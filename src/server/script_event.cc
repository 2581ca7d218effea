// SPDX-License-Identifier: MPL-2.0
#include "server/script_event.h"

#include <fmt/format.h>

#include "boot/ipxe_entry.h"
#include "boot/ipxe_script.h"

namespace slipway::server {
namespace {

/// What shows that what this entry starts is up: as its profile says, or what its system is known to do.
model::UpRule up_rule_of(const boot::Entry& entry, const model::Plan& plan) {
  const model::Profile* profile = plan.profile(entry.profile);
  model::UpRule rule = profile ? profile->up : model::UpRule();
  if (!rule.said && entry.start == boot::Start::illumos) rule.sign = model::UpRule::Sign::dhcp;
  return rule;
}

/// What keeps the one entry of an iPXE script from being started: its console shows that instead.
std::string fault_of_script(const boot::Boot& boot, const boot::ScriptContext& context,
                            ScriptCache::Renderer render) {
  bool shown = !boot.menu && render == boot::ipxe_script;
  return shown ? boot::fault_of(boot.entries.front(), context, boot.limits) : std::string();
}

}  // namespace

timeline::Event script_event(const boot::Decision& decision, const boot::ScriptContext& context,
                             const model::Plan& plan, ScriptCache::Renderer render) {
  timeline::Event event;
  event.kind = timeline::Kind::script_served;
  if (auto* refusal = std::get_if<boot::Refusal>(&decision)) {
    event.kind = timeline::Kind::refusal_script_served;
    event.detail = fmt::format("{} (request {}): {}; {}", boot::to_string(refusal->why), context.request_id,
                               refusal->sentence, refusal->remedy);
  } else if (auto* entry = std::get_if<boot::Boot>(&decision)) {
    event.detail = entry->entries.front().title;
    event.up = up_rule_of(entry->entries.front(), plan);
    // What comes over iSCSI is seen by nobody here.
    if (!entry->menu && entry->entries.front().start == boot::Start::san)
      event.kind = timeline::Kind::local_script_served;
    if (std::string fault = fault_of_script(*entry, context, render); !fault.empty()) {
      event.kind = timeline::Kind::refusal_script_served;
      event.detail = fmt::format("arguments (request {}): {}", context.request_id, fault);
    }
    event.once = entry->once;
  } else {
    event.kind = timeline::Kind::local_script_served;
    event.detail = std::holds_alternative<boot::LocalDisk>(decision) ? "local disk" : "policy ignore";
  }
  return event;
}

}  // namespace slipway::server
