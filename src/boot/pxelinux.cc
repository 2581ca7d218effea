// SPDX-License-Identifier: MPL-2.0
#include "boot/pxelinux.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "boot/budget.h"
#include "boot/ipxe_text.h"
#include "boot/lint.h"

namespace slipway::boot {
namespace {

constexpr std::int64_t longest_timeout = 35'996;  ///< tenths of a second; PXELINUX takes no more

/// Paths without a leading '/': PXELINUX puts its own prefix before every path, such ones included.
std::string relative(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  return std::string(path);
}

std::string relative_path_of(const Module& module, const Entry& entry, const ScriptContext& context) {
  return relative(path_of(module, *entry.image, context.mac));
}

std::string append_line(const Entry& entry, const ScriptContext& context) {
  std::string arguments = arguments_of(entry, context.base);
  if (entry.start == Start::linux_) return arguments.empty() ? "" : "append " + arguments;
  std::string line = "append " + relative(image_path(*entry.image, entry.kernel));
  if (!arguments.empty()) line += " " + arguments;
  for (const Module& module : entry.modules)
    line += fmt::format(" --- {} {}", relative_path_of(module, entry, context), arguments_of(module));
  return line;
}

/// `linux` and not `kernel`: of that PXELINUX guesses by its name what it is.
std::string load_lines(const Entry& entry, const ScriptContext& context) {
  if (entry.start != Start::linux_) return "kernel mboot.c32";
  std::string lines = "linux " + relative(image_path(*entry.image, entry.kernel));
  for (std::size_t i = 0; i < entry.modules.size(); ++i)
    lines += (i == 0 ? "\ninitrd " : ",") + relative_path_of(entry.modules[i], entry, context);
  return lines;
}

/// What keeps PXELINUX from starting this entry, or nothing.
std::optional<Finding> own_fault_of(const Entry& entry, const ScriptContext& context) {
  if (!loads_a_kernel(entry.start))
    return Finding{Rule::loader_kind, fmt::format("PXELINUX cannot start images of kind {}", entry.kind()),
                   "let the machine start iPXE"};
  if (needs_multiboot(entry.start) && arguments_of(entry, context.base).find(" --- ") != std::string::npos)
    return Finding{Rule::pxelinux_separator, "a kernel argument holds ---, where PXELINUX starts a module",
                   "say the value another way"};
  std::size_t length = append_line(entry, context).size();
  if (length <= pxelinux_line_limit) return std::nullopt;
  return Finding{
      Rule::pxelinux_line_length,
      fmt::format("the line has {} characters, and PXELINUX reads {}", length, pxelinux_line_limit),
      "drop properties or boot modules, or let the machine start iPXE"};
}

std::string fault_of(const Entry& entry, const ScriptContext& context) {
  if (!entry.fault.empty()) return entry.fault;
  auto fault = own_fault_of(entry, context);
  return fault ? fault->sentence : std::string();
}

/// illumos' rescue is always there, whatever variants the profile has.
std::vector<Entry> with_rescue(std::vector<Entry> entries) {
  bool there = std::any_of(entries.begin(), entries.end(),
                           [](const Entry& entry) { return entry.variant == model::Variant::rescue; });
  if (there || entries.front().start != Start::illumos) return entries;
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
    std::string out =
        fmt::format("default {}\nprompt {}\ntimeout {}\n", entries.front().label, boot.menu ? 1 : 0,
                    std::min<std::int64_t>(boot.timeout.count() * 10, longest_timeout));
    if (boot.menu) {
      for (const Entry& entry : entries)
        out += fmt::format("say {}: {}\n", entry.label, ipxe_text(entry.title));
    }
    for (const Entry& entry : entries) {
      std::string append = append_line(entry, context);
      out += fmt::format("\nlabel {}\n{}\n{}{}", entry.label, load_lines(entry, context), append,
                         append.empty() ? "" : "\n");
    }
    return out;
  }

  std::string operator()(const LocalDisk&) const {
    return "default local\nprompt 0\n\nlabel local\nlocalboot 0\n";
  }
  std::string operator()(const Silent&) const { return (*this)(LocalDisk{}); }

  std::string story() const {
    std::string text;
    if (!context.diagnosis.empty()) text = fmt::format("say Slipway: diagnosis: {}\n", context.diagnosis);
    for (const std::string& line : where_to_look(context))
      text += fmt::format("say Slipway: {}\n", ipxe_text(line));
    return text;
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

Findings lint_pxelinux_entries(const Decision& decision, const ScriptContext& context) {
  Findings out;
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot) return out;
  out = lint_added_rescue(*boot);
  for (const Entry& entry : boot->entries) {
    auto fault = own_fault_of(entry, context);
    if (!fault) continue;
    fault->sentence = fmt::format("{}: {}", entry.label, fault->sentence);
    out.push_back(std::move(*fault));
  }
  return out;
}

}  // namespace slipway::boot
