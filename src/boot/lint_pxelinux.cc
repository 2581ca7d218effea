// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "boot/kernel_line.h"
#include "boot/lint.h"
#include "boot/pxelinux.h"

namespace slipway::boot {
namespace {

constexpr std::string_view separator = " --- ";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, std::string_view by) {
  std::vector<std::string> parts;
  for (std::size_t at; (at = text.find(by)) != std::string_view::npos; text.remove_prefix(at + by.size()))
    parts.emplace_back(trimmed(text.substr(0, at)));
  parts.emplace_back(trimmed(text));
  return parts;
}

class Linter {
 public:
  Findings run(std::string_view config) {
    int number = 0;
    for (const std::string& text : split(config, "\n")) check_line(text, ++number);
    if (!default_.empty() && !labels_.count(default_))
      add(Rule::script_label, fmt::format("there is no label {}", default_),
          fmt::format("add label {}", default_), 0);
    return std::move(out_);
  }

 private:
  void add(Rule rule, std::string sentence, std::string remedy, int line) {
    out_.push_back({rule, std::move(sentence), std::move(remedy), line});
  }

  void check_line(std::string_view text, int number) {
    if (text.size() > pxelinux_line_limit)
      add(Rule::pxelinux_line_length, fmt::format("the line has {} characters", text.size()),
          "drop properties or modules", number);
    std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    std::string keyword(text.substr(0, end));
    std::transform(keyword.begin(), keyword.end(), keyword.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string_view rest = trimmed(text.substr(end));
    if (keyword == "default") default_ = rest;
    if (keyword == "label") start_label(rest, number);
    if (keyword == "kernel") check_loader(rest, number);
    if (keyword == "linux" || keyword == "initrd") check_path(rest, number);
    if (keyword == "append" && mboot_) check_append(rest, number);
  }

  void start_label(std::string_view label, int number) {
    mboot_ = false;
    if (!labels_.insert(std::string(label)).second)
      add(Rule::script_label_twice, fmt::format("label {} is there twice", label), "rename one", number);
  }

  void check_loader(std::string_view path, int number) {
    mboot_ = path.ends_with("mboot.c32");
    check_path(path, number);
    if (mboot_ && path.find('/') != std::string_view::npos)
      add(Rule::pxelinux_path, fmt::format("{} does not lie beside pxelinux.0", path),
          "put mboot.c32, libcom32.c32 and ldlinux.c32 beside pxelinux.0 and write kernel mboot.c32", number);
  }

  void check_path(std::string_view path, int number) {
    if (path.starts_with('/'))
      add(Rule::pxelinux_path, fmt::format("{} is looked for below PXELINUX' own folder all the same", path),
          "write it without the leading /", number);
  }

  void check_append(std::string_view text, int number) {
    auto parts = split(text, separator);
    KernelLine kernel;
    kernel.line = number;
    auto words = split(parts[0], " ");
    kernel.url = words[0];
    kernel.arguments = trimmed(std::string_view(parts[0]).substr(words[0].size()));
    check_path(kernel.url, number);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      auto module = split(parts[i], " ");
      check_path(module[0], number);
      kernel.modules.push_back({module[0], {module.begin() + 1, module.end()}, number});
    }
    Findings unclosed;
    read_args(kernel.arguments, unclosed);
    bool cut = std::any_of(unclosed.begin(), unclosed.end(),
                           [](const Finding& finding) { return finding.rule == Rule::script_quoting; });
    if (cut && parts.size() > 1)
      add(Rule::pxelinux_separator, "a --- within a value starts a module", "say the value another way",
          number);
    if (!is_illumos(kernel)) return;
    Findings found = check(kernel, std::numeric_limits<std::size_t>::max());
    out_.insert(out_.end(), found.begin(), found.end());
  }

  std::set<std::string> labels_;
  std::string default_;
  bool mboot_ = false;
  Findings out_;
};

}  // namespace

Findings lint_pxelinux(std::string_view config) {
  return Linter().run(config);
}

}  // namespace slipway::boot
