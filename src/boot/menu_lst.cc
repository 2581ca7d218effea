// SPDX-License-Identifier: MPL-2.0
#include "boot/menu_lst.h"

#include <array>

#include <fmt/format.h>

#include "boot/budget.h"
#include "boot/ipxe_text.h"

namespace slipway::boot {
namespace {

using model::Variant;

struct Line {
  std::string_view title;
  std::string_view console;  ///< empty: the profile's own
  Variant variant;
};

/// In the order of OpenSolaris' and SmartOS' own menus.
constexpr std::array<Line, 7> seven{{
    {"", "", Variant::normal},
    {" +kmdb", "", Variant::kmdb},
    {" serial (ttyb)", "ttyb", Variant::normal},
    {" serial (ttyb) +kmdb", "ttyb", Variant::kmdb},
    {" serial (ttya)", "ttya", Variant::normal},
    {" serial (ttya) +kmdb", "ttya", Variant::kmdb},
    {" rescue (imports no pool)", "", Variant::rescue},
}};

std::string entry_text(const Entry& entry, const Line& line, const ScriptContext& context) {
  KernelArgs args = line.console.empty() ? entry.args : with_console(entry.args, line.console);
  std::string arguments = to_line(varied(std::move(args), line.variant));
  std::string out =
      fmt::format("\ntitle {}{}\nkernel {}{}{}\n", ipxe_text(entry.title), line.title,
                  platform_path(*entry.image, entry.kernel), arguments.empty() ? "" : " ", arguments);
  for (const Module& module : entry.modules) {
    std::string path = module.origin == Module::Origin::machine ? boot_module_path(context.mac, module.file)
                                                                : platform_path(*entry.image, module.file);
    out += fmt::format("module {} type={} name={}\n", path, to_string(module.type), module.name);
  }
  return out;
}

/// Of any other image there is one entry for each of the decision's.
std::string other_entry_text(const Entry& entry, const ScriptContext& context) {
  std::string arguments = arguments_of(entry, context.base);
  std::string out =
      fmt::format("\ntitle {}\nkernel {}{}{}\n", ipxe_text(entry.title),
                  image_path(*entry.image, entry.kernel), arguments.empty() ? "" : " ", arguments);
  auto handed = handovers(entry, context.base, context.mac, NameForm::readable);
  for (std::size_t i = 0; i < entry.modules.size(); ++i) {
    bool initrd = entry.modules[i].type == Module::Type::initrd;
    std::string_view words = handed[i + 1].arguments;
    out += fmt::format("{} {}{}{}\n", initrd ? "initrd" : "module",
                       image_path(*entry.image, entry.modules[i].file), words.empty() ? "" : " ", words);
  }
  return out;
}

std::string fault_of(const Entry& entry) {
  if (!entry.fault.empty()) return entry.fault;
  if (entry.start == Start::program || entry.start == Start::disk || entry.start == Start::wimboot)
    return fmt::format("GRUB legacy cannot start images of kind {}", to_string(entry.image->kind));
  return {};
}

struct Render {
  const ScriptContext& context;

  std::string operator()(const Boot& boot) const {
    const Entry& first = boot.entries.front();
    if (std::string fault = fault_of(first); !fault.empty())
      return (*this)(Refusal{Refusal::Why::arguments, fault, "slipway check shows what to correct"});
    std::string out = fmt::format("default=0\ntimeout={}\n", boot.timeout.count());
    if (first.start == Start::illumos) {
      for (const Line& line : seven) out += entry_text(first, line, context);
      return out;
    }
    for (const Entry& entry : boot.entries) {
      if (fault_of(entry).empty() && entry.start != Start::illumos) out += other_entry_text(entry, context);
    }
    return out;
  }

  std::string operator()(const LocalDisk&) const {
    return "default=0\ntimeout=0\n\ntitle Local disk\nrootnoverify (hd0)\nchainloader +1\n";
  }
  std::string operator()(const Silent&) const { return (*this)(LocalDisk{}); }

  /// GRUB legacy prints nothing but titles; after a while the machine starts over and asks again.
  std::string operator()(const Refusal& refusal) const {
    return fmt::format("default=0\ntimeout=60\n\ntitle Slipway: {}\nreboot\n\ntitle Slipway: {}\nreboot\n",
                       ipxe_text(refusal.sentence), ipxe_text(refusal.remedy));
  }
};

}  // namespace

std::string menu_lst(const Decision& decision, const ScriptContext& context) {
  std::string head = fmt::format("# Made by Slipway for {}\n", made_for(context));
  return head + std::visit(Render{context}, decision);
}

}  // namespace slipway::boot
