// SPDX-License-Identifier: MPL-2.0
#include "boot/grub_cfg.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "boot/budget.h"
#include "boot/ipxe_text.h"

namespace slipway::boot {
namespace {

constexpr std::string_view remedy = "boot it with iPXE or PXELINUX, or say its values without quotes";
constexpr std::uint16_t only_http_port = 80;  // GRUB 2.06 knows no other (net/http.c)

/// A word of GRUB's shell. Single quotes keep everything but themselves.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

/// Arguments as GRUB's shell hands them on, word by word; most need no quotes.
std::string shell_words(std::string_view arguments) {
  constexpr std::string_view special = "$;|&<>{}#*?[]~!`\\\"'";
  std::string out;
  for (const std::string& word : words_of(arguments)) {
    bool plain = word.find_first_of(special) == word.npos;
    out += " " + (plain ? word : shell_quoted(word));
  }
  return out;
}

/// Over HTTP where GRUB can: its TFTP asks for one block of 1,024 bytes at a time.
std::string device_of(const Base& base) {
  bool http = !base.by_tftp && !base.secure && base.http_port == only_http_port;
  return http ? fmt::format("(http,{})", base.address.to_string()) : std::string();
}

/// illumos' arguments with no quotes but those its kernel cannot do without.
std::string unquoted_line(const KernelArgs& args) {
  std::string line = fmt::format("{}", fmt::join(args.flags, " "));
  std::string_view before = line.empty() ? "-B " : " -B ";
  for (const model::Property& property : args.properties) {
    bool needs_quotes = property.value.find_first_of(", ") != property.value.npos;
    line +=
        fmt::format("{}{}={}", before, property.name,
                    needs_quotes ? boot::quoted(property.value).value_or(property.value) : property.value);
    before = ",";
  }
  return line;
}

std::string arguments_for_grub(const Entry& entry, const Base& base) {
  return entry.start == Start::illumos ? unquoted_line(entry.args) : arguments_of(entry, base);
}

bool has_quotes(std::string_view arguments) {
  return arguments.find_first_of("\"'\\") != arguments.npos;
}

/// A name, as the first word of a line, that is dropped, and what the kernel sees of it.
std::string load_line(std::string_view command, std::string_view device, const std::string& path,
                      const std::string& name, std::string_view arguments) {
  return fmt::format("  {} {}{}{}{}\n", command, device, path, name.empty() ? "" : " " + name,
                     shell_words(arguments));
}

class EntryText {
 public:
  EntryText(const Entry& entry, const ScriptContext& context)
      : entry_(entry), context_(context), device_(device_of(context.base)) {}

  std::string operator()() const {
    return fmt::format("\nmenuentry {} --id {} {{\n{}}}\n", shell_quoted(ipxe_text(entry_.title)),
                       entry_.label, lines());
  }

 private:
  std::string lines() const {
    std::string kernel = image_path(*entry_.image, entry_.kernel);
    std::string arguments = arguments_for_grub(entry_, context_.base);
    switch (entry_.start) {
      case Start::program:
        return load_line("chainloader", device_, kernel, {}, arguments);
      case Start::linux_:
        return load_line("linux", device_, kernel, {}, arguments) + initrds();
      default:
        return load_line("multiboot", device_, kernel, kernel, arguments) + modules();
    }
  }

  std::string modules() const {
    std::string out;
    for (const Module& module : entry_.modules) {
      std::string path = path_of(module);
      out += load_line("module", device_, path, path, arguments_of(module));
    }
    return out;
  }

  std::string initrds() const {
    std::string out;
    for (const Module& module : entry_.modules) out += " " + device_ + path_of(module);
    return out.empty() ? out : "  initrd" + out + "\n";
  }

  std::string path_of(const Module& module) const {
    return boot::path_of(module, *entry_.image, context_.mac);
  }

  const Entry& entry_;
  const ScriptContext& context_;
  std::string device_;
};

/// What keeps GRUB 2 from starting this entry, or nothing.
std::string fault_of(const Entry& entry, const ScriptContext& context) {
  if (!entry.fault.empty()) return entry.fault;
  if (entry.start == Start::disk || entry.start == Start::drive || entry.start == Start::wimboot ||
      entry.start == Start::san)
    return fmt::format("GRUB 2 cannot start images of kind {} over the network", entry.kind());
  if (has_quotes(arguments_for_grub(entry, context.base)))
    return "GRUB 2 puts a backslash before quotes, and these kernel arguments need some";
  return {};
}

struct Render {
  const ScriptContext& context;

  std::string operator()(const Boot& boot) const {
    if (std::string fault = fault_of(boot.entries.front(), context); !fault.empty())
      return (*this)(Refusal{Refusal::Why::arguments, fault, std::string(remedy)});
    std::string out = fmt::format("set default=0\nset timeout={}\n", boot.menu ? boot.timeout.count() : 0);
    for (const Entry& entry : boot.entries) {
      if (fault_of(entry, context).empty()) out += EntryText(entry, context)();
    }
    return out;
  }

  /// GRUB ends, and the firmware goes on to what is next in its boot order.
  std::string operator()(const LocalDisk&) const { return "exit\n"; }
  std::string operator()(const Silent&) const { return (*this)(LocalDisk{}); }

  std::string operator()(const Refusal& refusal) const {
    std::vector<std::string> lines{fmt::format("{} did not boot: {}", context.machine, refusal.sentence),
                                   refusal.remedy};
    if (!context.diagnosis.empty()) lines.push_back("diagnosis: " + context.diagnosis);
    for (std::string& line : where_to_look(context)) lines.push_back(std::move(line));
    lines.push_back("another try in 30 seconds");
    std::string out;
    for (const std::string& line : lines) {
      if (!line.empty()) out += "echo " + shell_quoted("Slipway: " + ipxe_text(line)) + "\n";
    }
    return out + "sleep 30\nreboot\n";
  }
};

}  // namespace

std::string grub_cfg(const Decision& decision, const ScriptContext& context) {
  return fmt::format("# Made by Slipway for {}\n", made_for(context)) + std::visit(Render{context}, decision);
}

Findings lint_grub(const Decision& decision, const ScriptContext& context) {
  Findings out;
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot) return out;
  for (const Entry& entry : boot->entries) {
    if (std::string fault = fault_of(entry, context); !fault.empty())
      out.push_back({Rule::grub_quotes, fmt::format("{}: {}", entry.label, fault), std::string(remedy)});
  }
  return out;
}

}  // namespace slipway::boot
