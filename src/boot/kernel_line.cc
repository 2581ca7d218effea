// SPDX-License-Identifier: MPL-2.0
#include "boot/kernel_line.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace slipway::boot {
namespace {

constexpr std::string_view unix_path = "/platform/i86pc/kernel/amd64/unix";
constexpr std::string_view platform = "/platform/";
constexpr std::array<std::string_view, 5> module_types{"rootfs", "file", "hash", "environment",
                                                       "console-font"};

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; at += 1) ++found;
  return found;
}

void check_path(const KernelLine& kernel, Findings& out) {
  const std::string& url = kernel.url;
  std::size_t platforms = count(url, platform);
  if (platforms == 0) {
    out.push_back({Rule::kernel_path, fmt::format("the kernel's path {} has no /platform/ in it", url),
                   "serve it as .../platform/i86pc/kernel/amd64/unix: a folder platform-STAMP will not do"});
    return;
  }
  if (platforms > 1)
    out.push_back({Rule::kernel_path_twice, fmt::format("the kernel's path {} has /platform/ twice", url),
                   "serve it below a folder of another name"});
  std::size_t at = url.find(unix_path);
  if (at == std::string::npos) {
    out.push_back({Rule::kernel_path,
                   fmt::format("the kernel's path {} does not end as the boot archive has it", url),
                   "serve it as .../platform/i86pc/kernel/amd64/unix"});
  } else if (at + unix_path.size() != url.size()) {
    out.push_back({Rule::kernel_path_tail, fmt::format("something stands behind .../unix in {}", url),
                   "end the path there: no query, no fragment"});
  }
  if (url.find("multiboot") != std::string::npos)
    out.push_back(
        {Rule::word_multiboot, "the kernel's path holds the word multiboot", "serve it under another name"});
}

std::string type_of(const ModuleLine& module) {
  for (const std::string& word : module.words) {
    if (word.starts_with("type=")) return word.substr(5);
  }
  return {};
}

/// Untyped is right for a single module only: it is taken for the root.
void check_types(const KernelLine& kernel, Findings& out) {
  for (const ModuleLine& module : kernel.modules) {
    std::string type = type_of(module);
    if (type.empty() && kernel.modules.size() > 1) {
      out.push_back({Rule::module_untyped, fmt::format("module {} has no type", module.url),
                     "write type=rootfs name=ramdisk, or type=hash, or type=file name=PATH, behind it",
                     module.line});
    } else if (!type.empty() &&
               std::find(module_types.begin(), module_types.end(), type) == module_types.end()) {
      out.push_back({Rule::module_type, fmt::format("the kernel knows no module of type {}", type),
                     "use rootfs, file, hash, environment or console-font", module.line});
    }
  }
}

/// The boot archive, by hash=SHA1 in its own line.
bool proves_itself(const KernelLine& kernel) {
  return std::any_of(kernel.modules.begin(), kernel.modules.end(), [](const ModuleLine& module) {
    return type_of(module) == "rootfs" &&
           std::any_of(module.words.begin(), module.words.end(),
                       [](auto& word) { return word.starts_with("hash=") && word.size() == 45; });
  });
}

void check_modules(const KernelLine& kernel, std::size_t limit, Findings& out) {
  check_types(kernel, out);
  auto has = [&](std::string_view type) {
    return std::any_of(kernel.modules.begin(), kernel.modules.end(),
                       [&](const ModuleLine& module) { return type_of(module) == type; });
  };
  bool lone = kernel.modules.size() == 1 && type_of(kernel.modules[0]).empty();
  if (!has("rootfs") && !lone) {
    out.push_back({Rule::no_rootfs, "no module is the root file system",
                   "add the boot archive with type=rootfs name=ramdisk", kernel.line});
  } else if (!has("hash") && !proves_itself(kernel)) {
    out.push_back({Rule::module_no_hash, "the boot archive goes without its hash",
                   "add boot_archive.hash with type=hash name=ramdisk", kernel.line});
  }
  if (kernel.modules.size() > limit)
    out.push_back({Rule::module_count,
                   fmt::format("{} modules, and this loader carries {}", kernel.modules.size(), limit),
                   "drop some, or use a more capable loader", kernel.line});
}

/// One property from the front of `text`, which moves behind the comma. False at an unclosed quote.
bool take_property(std::string_view& text, model::Property& property) {
  std::size_t name_end = std::min(text.find_first_of("=, "), text.size());
  property.name = text.substr(0, name_end);
  text.remove_prefix(name_end);
  if (!text.starts_with('=')) return true;
  text.remove_prefix(1);
  bool opens = !text.empty() && (text[0] == '"' || text[0] == '\'');
  if (opens) {
    std::size_t end = text.find(text[0], 1);
    if (end == std::string_view::npos) return false;
    property.value = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    return true;
  }
  std::size_t end = std::min(text.find_first_of(", "), text.size());
  property.value = text.substr(0, end);
  text.remove_prefix(end);
  return true;
}

/// Everything from behind "-B " to the blank that ends it.
void take_properties(std::string_view& text, KernelArgs& args, Findings& faults) {
  while (!text.empty() && text[0] != ' ') {
    model::Property property;
    if (!take_property(text, property)) {
      faults.push_back({Rule::script_quoting,
                        fmt::format("the quote that opens the value of {} is not closed", property.name),
                        "close it; blanks, ||, && and ; may end a line before you think"});
      text = {};
      return;
    }
    args.properties.push_back(std::move(property));
    if (!text.empty() && text[0] != ',' && text[0] != ' ') {
      faults.push_back(
          {Rule::property_value,
           fmt::format("something stands behind the closing quote of {}", args.properties.back().name),
           "end the value with its quote"});
      text.remove_prefix(std::min(text.find_first_of(", "), text.size()));
    }
    if (text.starts_with(',')) text.remove_prefix(1);
  }
}

}  // namespace

bool is_illumos(const KernelLine& kernel) {
  return kernel.url.find(platform) != std::string::npos || kernel.url.ends_with("/unix") ||
         (" " + kernel.arguments + " ").find(" -B ") != std::string::npos;
}

KernelArgs read_args(std::string_view text, Findings& faults) {
  KernelArgs args;
  while (!text.empty()) {
    std::size_t start = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(start);
    if (text.empty()) break;
    std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word == "-B") {
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      take_properties(text, args, faults);
    } else {
      args.flags.emplace_back(word);
    }
  }
  return args;
}

Findings check(const KernelLine& kernel, std::size_t module_limit) {
  Findings out;
  check_path(kernel, out);
  KernelArgs args = read_args(kernel.arguments, out);
  Findings in_args = check(args);
  out.insert(out.end(), in_args.begin(), in_args.end());
  for (Finding& finding : out) finding.line = kernel.line;
  check_modules(kernel, module_limit, out);
  return out;
}

}  // namespace slipway::boot
