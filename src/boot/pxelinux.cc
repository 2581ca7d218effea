// SPDX-License-Identifier: MPL-2.0
#include "boot/pxelinux.h"

#include <algorithm>

#include <fmt/format.h>

#include "boot/budget.h"
#include "boot/ipxe_text.h"

namespace slipway::boot {
namespace {

/// Paths without a leading '/': PXELINUX puts its own prefix before every path, such ones included.
std::string relative(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  return std::string(path);
}

std::string append_line(const Entry& entry, const ScriptContext& context) {
  std::string line = "append " + relative(platform_path(*entry.image, entry.kernel));
  std::string arguments = to_line(entry.args);
  if (!arguments.empty()) line += " " + arguments;
  for (const Module& module : entry.modules) {
    std::string path = module.origin == Module::Origin::machine ? boot_module_path(context.mac, module.file)
                                                                : platform_path(*entry.image, module.file);
    line += fmt::format(" --- {} type={} name={}", relative(path), to_string(module.type), module.name);
  }
  return line;
}

/// What keeps PXELINUX from starting this entry, or nothing.
std::string fault_of(const Entry& entry, const ScriptContext& context) {
  if (!entry.fault.empty()) return entry.fault;
  if (to_line(entry.args).find(" --- ") != std::string::npos)
    return "a kernel argument holds ---, where PXELINUX starts a module";
  std::size_t length = append_line(entry, context).size();
  return length > pxelinux_line_limit
             ? fmt::format("the line has {} characters, and PXELINUX reads {}", length, pxelinux_line_limit)
             : std::string();
}

/// The rescue is always there, whatever variants the profile has.
std::vector<Entry> with_rescue(std::vector<Entry> entries) {
  bool there = std::any_of(entries.begin(), entries.end(),
                           [](const Entry& entry) { return entry.variant == model::Variant::rescue; });
  if (there) return entries;
  Entry rescue = entries.front();
  rescue.label = rescue.profile + "-rescue";
  rescue.title += ", rescue: no pool imported";
  rescue.variant = model::Variant::rescue;
  rescue.args = varied(rescue.args, model::Variant::rescue);
  entries.push_back(std::move(rescue));
  return entries;
}

struct Render {
  const ScriptContext& context;

  std::string operator()(const Boot& boot) const {
    if (std::string fault = fault_of(boot.entries.front(), context); !fault.empty())
      return (*this)(
          Refusal{Refusal::Why::arguments, fault, "slipway check, on the server, shows what to correct"});
    auto entries = with_rescue(boot.entries);
    entries.erase(std::remove_if(entries.begin(), entries.end(),
                                 [&](const Entry& entry) { return !fault_of(entry, context).empty(); }),
                  entries.end());
    // A tenth of a second is PXELINUX' unit. Without a menu the prompt shows up only with Shift held down.
    std::string out = fmt::format("default {}\nprompt {}\ntimeout {}\n", entries.front().label,
                                  boot.menu ? 1 : 0, boot.timeout.count() * 10);
    if (boot.menu) {
      for (const Entry& entry : entries)
        out += fmt::format("say {}: {}\n", entry.label, ipxe_text(entry.title));
    }
    for (const Entry& entry : entries)
      out += fmt::format("\nlabel {}\nkernel mboot.c32\n{}\n", entry.label, append_line(entry, context));
    return out;
  }

  std::string operator()(const LocalDisk&) const {
    return "default local\nprompt 0\n\nlabel local\nlocalboot 0\n";
  }
  std::string operator()(const Silent&) const { return (*this)(LocalDisk{}); }

  std::string story() const {
    if (!context.explains) return {};
    return fmt::format("say Slipway: on server {}: slipway explain {}\n", context.base.address.to_string(),
                       ipxe_text(context.machine));
  }

  /// Loading pxelinux.0 again asks for this file again: that is the retry.
  std::string operator()(const Refusal& refusal) const {
    return fmt::format(
        "say Slipway: {} did not boot: {}\nsay Slipway: {}\n{}"
        "default again\nprompt 1\ntimeout 300\n\nlabel again\nkernel pxelinux.0\n",
        ipxe_text(context.machine), ipxe_text(refusal.sentence), ipxe_text(refusal.remedy), story());
  }
};

}  // namespace

std::string pxelinux_config(const Decision& decision, const ScriptContext& context) {
  std::string head = fmt::format("# Made by Slipway for {}\n", made_for(context));
  return head + std::visit(Render{context}, decision);
}

}  // namespace slipway::boot
