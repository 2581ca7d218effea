// SPDX-License-Identifier: MPL-2.0
#include "boot/menu_lst.h"

#include <array>

#include <fmt/format.h>

#include "boot/budget.h"
#include "boot/ipxe_text.h"
#include "boot/lint.h"

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

std::string entry_text(const Entry& entry, std::string_view more_title, const std::string& arguments,
                       const ScriptContext& context) {
  auto words = [](const std::string& said) { return said.empty() ? said : " " + said; };
  std::string out = fmt::format("\ntitle {}{}\nkernel {}{}\n", ipxe_text(entry.title), more_title,
                                image_path(*entry.image, entry.kernel), words(arguments));
  for (const Module& module : entry.modules)
    out += fmt::format("{} {}{}\n", module.type == Module::Type::initrd ? "initrd" : "module",
                       path_of(module, *entry.image, context.mac), words(arguments_of(module)));
  return out;
}

std::string varied_text(const Entry& entry, const Line& line, const ScriptContext& context) {
  KernelArgs args = line.console.empty() ? entry.args : with_console(entry.args, line.console);
  return entry_text(entry, line.title, to_line(varied(std::move(args), line.variant)), context);
}

std::string fault_of(const Entry& entry) {
  if (!entry.fault.empty()) return entry.fault;
  if (!loads_a_kernel(entry.start))
    return fmt::format("GRUB legacy cannot start images of kind {}", entry.kind());
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
      for (const Line& line : seven) out += varied_text(first, line, context);
      return out;
    }
    for (const Entry& entry : boot.entries) {
      if (fault_of(entry).empty() && entry.start != Start::illumos)
        out += entry_text(entry, "", arguments_of(entry, context.base), context);
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

Findings lint_menu_lst(const Decision& decision, const ScriptContext&) {
  Findings out;
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot) return out;
  out = lint_added_rescue(*boot);
  for (const Entry& entry : boot->entries) {
    if (!loads_a_kernel(entry.start))
      out.push_back({Rule::loader_kind, fmt::format("{}: {}", entry.label, fault_of(entry)),
                     "let the machine start iPXE"});
  }
  return out;
}

}  // namespace slipway::boot
