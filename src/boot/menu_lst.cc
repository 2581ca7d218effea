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

struct Render {
  const ScriptContext& context;

  std::string operator()(const Boot& boot) const {
    const std::string& fault = boot.entries.front().fault;
    if (!fault.empty())
      return (*this)(Refusal{Refusal::Why::arguments, fault, "slipway check shows what to correct"});
    std::string out = fmt::format("default=0\ntimeout={}\n", boot.timeout.count());
    for (const Line& line : seven) out += entry_text(boot.entries.front(), line, context);
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
