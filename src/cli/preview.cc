// SPDX-License-Identifier: MPL-2.0
// slipway boot preview: exactly what would be served to a machine, and what lint says about it.
#include <fmt/format.h>

#include "boot/decide.h"
#include "boot/lint.h"
#include "boot/menu_lst.h"
#include "boot/pxelinux.h"
#include "cli/script_context.h"
#include "cli/verbs.h"
#include "image/store.h"

namespace slipway::cli {
namespace {

std::optional<model::Arch> arch_named(const std::string& name) {
  if (name == "bios") return model::Arch::bios;
  if (name == "uefi" || name == "x86-64") return model::Arch::uefi_x64;
  if (name == "arm64") return model::Arch::uefi_arm64;
  return std::nullopt;
}

std::string rendered(const boot::Decision& decision, const boot::ScriptContext& about,
                     const std::string& loader) {
  if (loader == "pxelinux") return boot::pxelinux_config(decision, about);
  if (loader == "menu.lst") return boot::menu_lst(decision, about);
  return boot::ipxe_script(decision, about);
}

}  // namespace

int boot_preview(const Context& context, const PreviewOptions& options) {
  auto configured = context.plan();
  if (!configured) return fail(configured.error());
  auto plan = (*configured)->with_images(image::Store((*configured)->server().state).list().images);
  const model::Machine* machine = plan->find_machine(options.mac);
  auto mac = machine ? std::optional(machine->macs.front()) : MacAddress::parse(options.mac);
  auto arch = arch_named(options.arch);
  if (!mac || !arch) {
    fail({!mac ? fmt::format("'{}' is no MAC address and no machine's name", options.mac)
               : fmt::format("'{}' is no architecture", options.arch),
          !mac ? "write --mac 0c:c4:7a:ab:cd:ef" : "one of bios, uefi, arm64"});
    return exit_usage;
  }
  model::Client client;
  client.mac = *mac;
  client.arch = *arch;
  boot::Decision decision = boot::decide(*plan, client);
  boot::ScriptContext about = script_context(*plan, client);
  fmt::print("{}", rendered(decision, about, options.loader));
  boot::Findings findings = boot::lint(decision, about);
  for (const boot::Finding& finding : findings) fmt::print(stderr, "{}\n", finding.to_string());
  return boot::has_errors(findings) || std::holds_alternative<boot::Refusal>(decision) ? exit_failed
                                                                                       : exit_ok;
}

}  // namespace slipway::cli
