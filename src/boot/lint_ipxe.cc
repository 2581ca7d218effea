// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "boot/arguments.h"
#include "boot/budget.h"
#include "boot/ipxe_text.h"
#include "boot/kernel_line.h"
#include "boot/lint.h"

namespace slipway::boot {
namespace {

/// What iPXE of January 2019, as Debian builds it for BIOS, answers to `help`.
constexpr std::array<std::string_view, 46> known_commands{
    "config",   "cpuid",     "dhcp",    "pxebs",   "ifopen", "ifclose",   "ifstat",  "ifconf",
    "imgfetch", "module",    "initrd",  "kernel",  "chain",  "imgselect", "imgload", "imgargs",
    "imgexec",  "boot",      "imgstat", "imgfree", "login",  "menu",      "item",    "choose",
    "show",     "set",       "clear",   "read",    "inc",    "reboot",    "route",   "sanhook",
    "sanboot",  "sanunhook", "prompt",  "goto",    "shell",  "help",      "sync",    "autoboot",
    "sleep",    "iseq",      "isset",   "exit",    "echo",   "ibstat"};

/// Those that reach out to the network, the disk or the keyboard and may come back without success.
constexpr std::array<std::string_view, 20> may_fail{
    "kernel", "module", "initrd", "imgfetch", "imgload", "imgselect", "imgexec", "chain", "boot", "choose",
    "dhcp",   "ifopen", "ifconf", "sanboot",  "sanhook", "autoboot",  "login",   "isset", "iseq", "prompt"};

template <typename Words>
bool holds(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool expands(std::string_view text) {
  return text.find("${") != std::string_view::npos;
}

/// The first word behind the command and its options; options that take a value are skipped with it.
std::size_t first_argument(const IpxeCommand& command) {
  constexpr std::array<std::string_view, 8> with_value{"--name", "-n", "--timeout", "-t",
                                                       "--key",  "-k", "--menu",    "-m"};
  std::size_t at = 1;
  while (at < command.words.size() && command.words[at].starts_with('-'))
    at += holds(with_value, command.words[at]) ? 2 : 1;
  return at;
}

/// What iPXE calls a file: as --name says, or the last name of its URL.
std::string image_name(const IpxeCommand& command, const std::string& url) {
  for (std::size_t i = 1; i + 1 < command.words.size(); ++i) {
    if (command.words[i] == "--name" || command.words[i] == "-n") return command.words[i + 1];
  }
  return url.substr(url.rfind('/') + 1);  // npos + 1 is 0
}

std::string joined(const std::vector<std::string>& words, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < words.size(); ++i) out += (i == from ? "" : " ") + words[i];
  return out;
}

/// A value in quotes whose blanks iPXE would make one.
bool has_blank_run_in_quotes(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote && text[i] == ' ' && text.substr(i).starts_with("  ")) return true;
    bool opens = !quote && i > 0 && text[i - 1] == '=' && (text[i] == '"' || text[i] == '\'');
    if (opens) {
      quote = text[i];
    } else if (text[i] == quote) {
      quote = 0;
    }
  }
  return false;
}

class Linter {
 public:
  Linter(std::string_view script, const Limits& limits)
      : script_(script), lines_(ipxe_lines(script)), limits_(limits) {}

  Findings run() {
    check_bytes();
    collect_labels();
    for (const IpxeLine& line : lines_) check_line(line);
    finish_kernel();
    return std::move(out_);
  }

 private:
  void add(Rule rule, std::string sentence, std::string remedy, int line) {
    out_.push_back({rule, std::move(sentence), std::move(remedy), line});
  }

  void check_bytes() {
    if (!script_.starts_with("#!ipxe\n") && script_ != "#!ipxe")
      add(Rule::script_head, "the first line is not #!ipxe", "begin with #!ipxe, nothing before or behind it",
          1);
    bool odd = std::any_of(script_.begin(), script_.end(),
                           [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c > 0x7e; });
    if (odd)
      add(Rule::script_bytes,
          "there are carriage returns, a byte order mark or other characters that are no plain text",
          "save it as plain ASCII with line feeds", 0);
  }

  void collect_labels() {
    for (const IpxeLine& line : lines_) {
      if (line.label.empty()) continue;
      if (!labels_.insert(line.label).second)
        add(Rule::script_label_twice, fmt::format("label {} is there twice", line.label), "rename one",
            line.number);
    }
  }

  void check_line(const IpxeLine& line) {
    for (std::size_t i = 0; i < line.commands.size(); ++i) {
      const IpxeCommand& command = line.commands[i];
      if (command.words.empty()) continue;
      check_command(command, line.number);
      check_failure_path(line, i);
      follow(command, line);
    }
  }

  void check_command(const IpxeCommand& command, int line) {
    const std::string& word = command.words[0];
    if (!holds(known_commands, word) && !expands(word))
      add(Rule::script_command, fmt::format("iPXE as distributions build it has no command {}", word),
          "do without it, or serve an iPXE that has it", line);
    if (word == "goto" && command.words.size() > 1) check_label(command.words[1], line);
    if (word == "item" && !holds(command.words, "--gap") && !holds(command.words, "-g")) {
      std::size_t at = first_argument(command);
      if (at < command.words.size()) check_label(command.words[at], line);
    }
    for (const std::string& argument : command.words) {
      if (argument.starts_with("https://"))
        add(Rule::script_https, fmt::format("{} needs HTTPS", argument), "serve it by HTTP", line);
    }
  }

  void check_label(const std::string& label, int line) {
    if (expands(label) || labels_.count(label)) return;
    add(Rule::script_label, fmt::format("there is no label {}", label), fmt::format("add a line :{}", label),
        line);
  }

  /// A failure is caught by a `||` anywhere behind the command on its line.
  void check_failure_path(const IpxeLine& line, std::size_t at) {
    const IpxeCommand& command = line.commands[at];
    bool goto_variable = command.words[0] == "goto" && expands(joined(command.words, 1));
    if (!holds(may_fail, command.words[0]) && !goto_variable) return;
    bool caught = std::any_of(line.commands.begin() + static_cast<std::ptrdiff_t>(at), line.commands.end(),
                              [](const IpxeCommand& next) { return next.ended_by == "||"; });
    if (!caught)
      add(Rule::script_no_failure_path, fmt::format("nothing happens when {} fails", command.words[0]),
          "end the line with || goto LABEL", line.number);
  }

  /// Which kernel and modules the commands so far would boot.
  void follow(const IpxeCommand& command, const IpxeLine& line) {
    const std::string& word = command.words[0];
    if (word == "imgfree") {
      finish_kernel();
      freed_ = true;
    } else if (word == "kernel" || word == "imgselect") {
      finish_kernel();
      start_kernel(command, line.number);
      if (has_blank_run_in_quotes(line.text))
        add(Rule::script_quoting, "iPXE makes one blank of several, within quotes, too",
            "say it with single blanks", line.number);
    } else if (word == "module" || word == "initrd" || word == "imgfetch") {
      add_module(command, line.number);
    } else if (word == "boot") {
      finish_kernel();
    }
  }

  void start_kernel(const IpxeCommand& command, int line) {
    std::size_t at = first_argument(command);
    if (at >= command.words.size()) return;
    kernel_ = {command.words[at], joined(command.words, at + 1), line, {}};
    has_kernel_ = true;
    if (!freed_)
      add(Rule::script_imgfree, "modules of an earlier try may still be there",
          "write imgfree before this line", line);
    freed_ = false;
  }

  void add_module(const IpxeCommand& command, int line) {
    std::size_t at = first_argument(command);
    if (at >= command.words.size()) return;
    auto words = std::vector<std::string>(command.words.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                          command.words.end());
    if (command.words[0] == "initrd") initrds_.push_back(image_name(command, command.words[at]));
    kernel_.modules.push_back({command.words[at], std::move(words), line});
  }

  /// `initrd`, not `module`: whoever writes that means Linux.
  void check_linux() {
    if (initrds_.empty() || kernel_.url.ends_with("wimboot")) return;
    for (Finding& finding : check(words_of(kernel_.arguments))) {
      finding.line = kernel_.line;
      out_.push_back(std::move(finding));
    }
    for (const std::string& name : initrds_) {
      if ((kernel_.arguments + " ").find(fmt::format("initrd={} ", name)) != std::string::npos) continue;
      add(Rule::script_initrd_name, fmt::format("the kernel's arguments do not name the initrd {}", name),
          fmt::format("add initrd={} to them", name), kernel_.line);
    }
  }

  void finish_kernel() {
    if (has_kernel_ && !is_illumos(kernel_)) check_linux();
    initrds_.clear();
    if (has_kernel_ && is_illumos(kernel_)) {
      Findings found = check(kernel_, limits_.modules);
      out_.insert(out_.end(), found.begin(), found.end());
      check_budget();
    }
    has_kernel_ = false;
    kernel_ = {};
  }

  /// Only where every byte is known: absolute URLs, no variables.
  void check_budget() {
    std::vector<Handover> lines{{kernel_.url, kernel_.arguments}};
    for (const ModuleLine& module : kernel_.modules) lines.push_back({module.url, joined(module.words, 0)});
    for (const Handover& line : lines) {
      if (expands(line.url + line.arguments) || line.url.find("://") == std::string::npos) return;
    }
    std::size_t bytes = bytes_needed(lines);
    if (bytes > limits_.line_bytes)
      add(Rule::budget,
          fmt::format("URLs and arguments need {} bytes, and this iPXE carries {}", bytes,
                      limits_.line_bytes),
          "use short names (/s/ID/platform/...), an address for a name, fewer modules", kernel_.line);
  }

  std::string_view script_;
  std::vector<IpxeLine> lines_;
  Limits limits_;
  std::set<std::string> labels_;
  KernelLine kernel_;
  std::vector<std::string> initrds_;  ///< the names iPXE gives them
  bool has_kernel_ = false;
  bool freed_ = false;
  Findings out_;
};

}  // namespace

Findings lint_ipxe(std::string_view script, const Limits& limits) {
  return Linter(script, limits).run();
}

}  // namespace slipway::boot
