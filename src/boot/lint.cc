// SPDX-License-Identifier: MPL-2.0
#include "boot/lint.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "boot/budget.h"
#include "boot/ipxe_text.h"

namespace slipway::boot {
namespace {

void add_for(const Entry& entry, Finding finding, Findings& out) {
  finding.sentence = fmt::format("{}: {}", entry.label, finding.sentence);
  out.push_back(std::move(finding));
}

void lint_words(const Entry& entry, const ScriptContext& context, Findings& out) {
  std::string fault = ipxe_fault(arguments_of(entry, context.base));
  if (!fault.empty())
    add_for(entry, {Rule::script_quoting, "in the kernel's arguments " + fault, "say the value another way"},
            out);
}

void lint_modules(const Entry& entry, Findings& out) {
  if (entry.start != Start::illumos) return;
  auto has = [&](Module::Type type) {
    return std::any_of(entry.modules.begin(), entry.modules.end(),
                       [&](const Module& module) { return module.type == type && module.name == "ramdisk"; });
  };
  if (!has(Module::Type::rootfs))
    add_for(entry, {Rule::no_rootfs, "no module is the root file system", "import the image again"}, out);
  if (!has(Module::Type::hash))
    add_for(entry, {Rule::module_no_hash, "the boot archive goes without its hash", "import the image again"},
            out);
}

void lint_budget(const Entry& entry, const ScriptContext& context, const Limits& limits, Findings& out) {
  Fit fitted = fit(entry, context.base, context.mac, limits);
  if (fitted.fits) return;
  if (fitted.modules > limits.modules)
    add_for(entry,
            {Rule::module_count,
             fmt::format("{} modules, and this iPXE carries {}", fitted.modules, limits.modules),
             "drop boot modules, or use a more capable iPXE"},
            out);
  if (fitted.bytes <= limits.line_bytes) return;
  add_for(entry,
          {Rule::budget,
           fmt::format("URLs and arguments need {} bytes, and this iPXE carries {}", fitted.bytes,
                       limits.line_bytes),
           "drop properties or boot modules, or use a more capable iPXE"},
          out);
}

}  // namespace

Findings lint_entries(const Decision& decision) {
  Findings out;
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot) return out;
  for (const Entry& entry : boot->entries) {
    for (Finding& finding : check(entry.args)) add_for(entry, std::move(finding), out);
    for (const Finding& finding : entry.file_findings) add_for(entry, finding, out);
    if (entry.san) {
      for (const Finding& finding : entry.san->findings) add_for(entry, finding, out);
    }
    for (Finding& finding : check(entry.words)) add_for(entry, std::move(finding), out);
    if (!entry.ignored.empty())
      add_for(entry,
              {Rule::settings_ignored,
               fmt::format("{} mean nothing to an image of kind {}", entry.ignored, entry.kind()),
               entry.start == Start::illumos ? "say it with properties" : "say it with arguments"},
              out);
    lint_modules(entry, out);
  }
  return out;
}

Findings lint_ipxe_entries(const Decision& decision, const ScriptContext& asked) {
  Findings out;
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot) return out;
  ScriptContext context = asked;
  context.base.by_tftp |= !boot->limits.http;
  for (const Entry& entry : boot->entries) {
    lint_words(entry, context, out);
    lint_budget(entry, context, boot->limits, out);
  }
  return out;
}

Findings lint_added_rescue(const Boot& boot) {
  Findings out;
  const Entry& first = boot.entries.front();
  bool named = std::any_of(boot.entries.begin(), boot.entries.end(),
                           [](const Entry& entry) { return entry.variant == model::Variant::rescue; });
  if (named || first.start != Start::illumos) return out;
  for (Finding& finding : check(varied(first.args, model::Variant::rescue))) {
    if (finding.rule != Rule::rescue_login) continue;  // the rest is told of the first entry
    finding.sentence = fmt::format("{}-rescue: {}", first.profile, finding.sentence);
    out.push_back(std::move(finding));
  }
  return out;
}

Findings lint(const Decision& decision, const ScriptContext& context) {
  Findings findings = lint_entries(decision);
  std::ranges::move(lint_ipxe_entries(decision, context), std::back_inserter(findings));
  return findings;
}

}  // namespace slipway::boot
