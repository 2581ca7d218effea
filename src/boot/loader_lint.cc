// SPDX-License-Identifier: MPL-2.0
#include "boot/loader_lint.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "boot/grub_cfg.h"
#include "boot/illumos_loader.h"
#include "boot/lint.h"
#include "boot/menu_lst.h"
#include "boot/pxelinux.h"

namespace slipway::boot {
namespace {

struct Row {
  Language language;
  std::string_view name;
  std::string (*render)(const Decision&, const ScriptContext&);
  Findings (*own)(const Decision&, const ScriptContext&);  ///< the rules of this loader alone
};
constexpr std::array<Row, 5> table{{
    {Language::ipxe, "ipxe", ipxe_script, lint_ipxe_entries},
    {Language::pxelinux, "pxelinux", pxelinux_config, lint_pxelinux_entries},
    {Language::grub, "grub", grub_cfg, lint_grub},
    {Language::menu_lst, "menu.lst", menu_lst, lint_menu_lst},
    {Language::illumos, "illumos", loader_conf, lint_illumos},
}};

const Row& row_of(Language language) {
  return table[static_cast<std::size_t>(language)];
}

}  // namespace

std::string_view to_string(Language language) {
  return row_of(language).name;
}

std::optional<Language> language_named(std::string_view text) {
  auto found = std::find_if(table.begin(), table.end(), [&](const Row& row) { return row.name == text; });
  if (found == table.end()) return std::nullopt;
  return found->language;
}

std::optional<Language> language_of_file(std::string_view file) {
  std::string_view name = file.substr(file.rfind('/') + 1);  // npos + 1 is 0
  if (name.ends_with("pxelinux.0")) return Language::pxelinux;
  if (name == "pxeboot" || name.starts_with("loader64") || name.starts_with("loader32"))
    return Language::illumos;
  if (name == "pxegrub") return Language::menu_lst;
  if (name.starts_with("grub") || name == "core.0" || name == "core.efi") return Language::grub;
  return std::nullopt;
}

std::string rendered(Language language, const Decision& decision, const ScriptContext& context) {
  return row_of(language).render(decision, context);
}

Findings lint(Language language, const Decision& decision, const ScriptContext& context) {
  Findings findings = lint_entries(decision);
  std::ranges::move(row_of(language).own(decision, context), std::back_inserter(findings));
  return findings;
}

Language language_of(const model::Plan& plan, const model::Machine* machine) {
  if (!machine) return Language::ipxe;
  for (const model::Group* group : plan.groups_of(*machine)) {
    if (group->boot_file.empty()) continue;
    return language_of_file(group->boot_file).value_or(Language::ipxe);
  }
  return Language::ipxe;
}

}  // namespace slipway::boot
