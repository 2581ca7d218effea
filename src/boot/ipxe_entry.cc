// SPDX-License-Identifier: MPL-2.0
#include "boot/ipxe_entry.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "boot/ipxe_text.h"

namespace slipway::boot {
namespace {

struct Cause {
  std::string_view label, cause;
};
constexpr std::array causes{
    Cause{"failed_initrd", "the initrd did not arrive"},
    Cause{"failed_program", "the program did not arrive, or cannot be started here"},
    Cause{"failed_disk", "the ISO or disk image could not be started"},
    Cause{"failed_san", "the iSCSI disk could not be started"},
};

std::string_view failure_of(Module::Type type) {
  switch (type) {
    case Module::Type::rootfs:
      return "failed_archive";
    case Module::Type::hash:
      return "failed_hash";
    case Module::Type::initrd:
      return "failed_initrd";
    case Module::Type::file:
    case Module::Type::plain:
      return "failed_file";
  }
  return "failed_file";
}

/// On UEFI a Linux kernel asks the firmware for its initrds by the names that iPXE gave them
/// (drivers/firmware/efi/libstub/file.c); on a BIOS the words mean nothing and do no harm.
std::string initrd_words(const std::vector<Module>& modules) {
  std::string words;
  for (const Module& module : modules) {
    if (module.type == Module::Type::initrd) words += fmt::format("initrd={} ", module.name);
  }
  return words;
}

std::string command(std::string_view verb, const Handover& line, std::string_view failure) {
  std::string_view blank = line.arguments.empty() ? "" : " ";
  return fmt::format("{} {}{}{} || goto {}", verb, line.url, blank, line.arguments, failure);
}

std::vector<std::string> load_and_boot(const Entry& entry, const Wording& wording,
                                       std::vector<Handover> lines) {
  if (entry.start == Start::linux_) lines[0].arguments = initrd_words(entry.modules) + lines[0].arguments;
  while (lines[0].arguments.ends_with(' ')) lines[0].arguments.pop_back();
  std::vector<std::string> out{command("kernel", lines[0], "failed_kernel")};
  auto modules = modules_said(entry, wording);
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const Module& module = *modules[i];
    bool named = module.type == Module::Type::initrd;
    std::string verb = named ? fmt::format("initrd --name {}", module.name) : "module";
    // On a BIOS wimboot has its files as a cpio archive, by the name that stands behind the URL.
    if (entry.start == Start::wimboot) lines[i + 1].arguments = module.name;
    out.push_back(command(verb, lines[i + 1], failure_of(module.type)));
  }
  out.emplace_back("boot || goto failed_boot");
  return out;
}

/// The description of the disk stays in memory (iBFT): the system that starts finds it again by that.
/// Settings outlive a script, so what another try set is cleared.
std::vector<std::string> san_lines(const SanDisk& disk, bool secrets) {
  std::vector<std::string> out;
  auto set = [&](std::string_view setting, const std::string& value, bool secret = false) {
    out.push_back(value.empty() ? fmt::format("clear {} ||", setting)
                                : fmt::format("set {} {}", setting, secret && !secrets ? "********" : value));
  };
  SanCredentials chap = disk.credentials.value_or(SanCredentials{});
  set("initiator-iqn", disk.initiator);
  set("username", chap.name);
  set("password", chap.secret, true);
  set("reverse-username", chap.target_name);
  set("reverse-password", chap.target_secret, true);
  out.push_back(fmt::format("sanboot {} || goto failed_san", disk.uri));
  out.emplace_back("exit");
  return out;
}

}  // namespace

std::string fault_of(const Entry& entry, const ScriptContext& context, const Limits& limits) {
  if (!entry.fault.empty()) return entry.fault;
  if (std::string fault = ipxe_fault(arguments_of(entry, context.base)); !fault.empty())
    return "a kernel argument cannot be said to iPXE: " + fault;
  if ((entry.start == Start::disk || entry.start == Start::drive) && context.base.by_tftp)
    return "an ISO or a disk image is read over HTTP, and this iPXE was built without it";
  if (!needs_multiboot(entry.start)) return {};
  Fit fitted = fit(entry, context.base, context.mac, limits);
  if (fitted.fits) return {};
  if (fitted.modules > limits.modules)
    return fmt::format("{} modules, and this iPXE carries {}", fitted.modules, limits.modules);
  return fmt::format("URLs and arguments need {} bytes, and this iPXE carries {}", fitted.bytes,
                     limits.line_bytes);
}

std::vector<std::string> start_lines(const Entry& entry, const ScriptContext& context, const Limits& limits) {
  Wording wording = fit(entry, context.base, context.mac, limits).wording;
  auto lines = handovers(entry, context.base, context.mac, wording);
  switch (entry.start) {
    case Start::illumos:
    case Start::linux_:
    case Start::multiboot:
    case Start::wimboot:
      return load_and_boot(entry, wording, std::move(lines));
    case Start::program:
      // A program that ends has done its work: the firmware goes on.
      return {command("chain --autofree", lines[0], "failed_program"), "exit"};
    case Start::san:
      return san_lines(*entry.san, context.secrets);
    case Start::disk:
      return {command("sanboot --no-describe", lines[0], "failed_disk"), "exit"};
    case Start::drive:
      return {command("sanboot --no-describe --drive 0x80", lines[0], "failed_disk"), "exit"};
  }
  return {};
}

std::string causes_of(std::string_view script) {
  std::string out;
  for (const Cause& each : causes) {
    if (script.find(fmt::format("|| goto {}\n", each.label)) == std::string_view::npos) continue;
    out += fmt::format(
        ":{}\nclear slipway-id ||\nset slipway-hint see http://ipxe.org/${{errno:hexraw}}\nset slipway-cause "
        "{}\ngoto retry\n",
        each.label, each.cause);
  }
  return out;
}

}  // namespace slipway::boot
