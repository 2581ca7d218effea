// SPDX-License-Identifier: MPL-2.0
#include "boot/preview.h"

#include <algorithm>
#include <optional>

#include "boot/capability.h"

namespace slipway::boot {
namespace {

/// Of a boot that the iPXE it is given, or a loader without UEFI, would not start.
std::optional<Remark> about_uefi(Language language, const Decision& decision, const model::Client& client) {
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot || client.arch == model::Arch::bios || boot->limits.known_multiboot) return std::nullopt;
  if (language == Language::illumos) return std::nullopt;  // loader64.efi is at home there
  bool multiboot = std::any_of(boot->entries.begin(), boot->entries.end(),
                               [](const Entry& entry) { return needs_multiboot(entry.start); });
  if (!multiboot && language == Language::ipxe) return std::nullopt;
  std::string_view sentence = language == Language::ipxe
                                  ? "a stock iPXE on UEFI cannot start SmartOS: there this script ends at "
                                    ":not_bios; only an iPXE that reports multiboot2 gets another one"
                                  : "this loader runs on BIOS machines only";
  return Remark{to_string(Refusal::Why::uefi), "error", std::string(sentence), std::string(uefi_remedy)};
}

}  // namespace

void become_ipxe(const Loaders& here, model::Client& client) {
  auto at = here.all.find(here.best_for(*client.arch));
  if (at == here.all.end() || !at->second.ipxe || !at->second.features.reported) return;
  client.stage = model::Stage::ipxe;
  client.features = at->second.features;
}

std::vector<Remark> remarks_on(Language language, const Decision& decision, const model::Client& client,
                               const ScriptContext& context) {
  std::vector<Remark> remarks;
  if (auto* refusal = std::get_if<Refusal>(&decision))
    remarks.push_back({to_string(refusal->why), "error", refusal->sentence, refusal->remedy});
  if (auto remark = about_uefi(language, decision, client)) remarks.push_back(*remark);
  for (const Finding& finding : lint(language, decision, context))
    remarks.push_back({finding.id(), finding.severity() == Severity::error ? "error" : "warning",
                       finding.sentence, finding.remedy, finding.line});
  return remarks;
}

}  // namespace slipway::boot
