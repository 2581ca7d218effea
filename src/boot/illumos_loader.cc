// SPDX-License-Identifier: MPL-2.0
#include "boot/illumos_loader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "boot/budget.h"
#include "boot/ipxe_text.h"

namespace slipway::boot {
namespace {

constexpr std::string_view remedy = "boot it with iPXE or PXELINUX, or say the value another way";
constexpr std::size_t longest_word = 1023;  // interp_parse.c: PARSE_BUFSIZE

/// Names with these ends mean a module and never reach the kernel (support.4th: process_assignment).
constexpr std::array<std::string_view, 8> module_ends{"_load",  "_name",   "_type",  "_hash",
                                                      "_flags", "_before", "_after", "_error"};
constexpr std::array<std::string_view, 6> own_names{
    "exec", "loader_conf_files", "verbose_loading", "bootfile", "kernel", "module_path"};

bool is_name(std::string_view name) {
  auto allowed = [](unsigned char c) {
    return std::isalnum(c) || std::string_view("_.-,/").find(static_cast<char>(c)) != std::string_view::npos;
  };
  auto ends = [&](std::string_view end) { return name.ends_with(end); };
  return !name.empty() && std::isalpha(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), allowed) &&
         std::none_of(module_ends.begin(), module_ends.end(), ends) &&
         std::find(own_names.begin(), own_names.end(), name) == own_names.end();
}

/// In "..." a $ opens a variable, in '...' it does not; a backslash is taken away twice on its way.
std::optional<std::string> quoted_value(std::string_view value) {
  auto printable = [](unsigned char c) { return c >= 0x20 && c < 0x7f && c != '\\'; };
  if (value.size() > longest_word || !std::all_of(value.begin(), value.end(), printable)) return std::nullopt;
  if (value.find_first_of("\"$") == value.npos) return fmt::format("\"{}\"", value);
  if (value.find('\'') == value.npos) return fmt::format("'{}'", value);
  return std::nullopt;
}

/// What keeps this loader from starting this entry, or nothing.
std::string fault_of(const Entry& entry) {
  if (!entry.fault.empty()) return entry.fault;
  if (entry.start != Start::illumos)
    return fmt::format("the illumos loader cannot start images of kind {}", entry.kind());
  for (const model::Property& property : entry.args.properties) {
    if (!is_name(property.name))
      return fmt::format("{} means something else to the illumos loader", property.name);
    if (!quoted_value(property.value))
      return fmt::format("the value of {} cannot be said to the illumos loader", property.name);
  }
  return {};
}

/// A word to tell modules apart by; what it is does not matter.
std::string handle_of(const Module& module) {
  std::string handle = "slipway_";
  for (char c : module.file) handle += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return handle;
}

std::string module_lines(const Entry& entry) {
  std::string out;
  for (std::size_t i = 0; i < entry.modules.size(); ++i) {
    const Module& module = entry.modules[i];
    if (module.type != Module::Type::file) continue;
    std::string handle = handle_of(module);
    out +=
        fmt::format("\n{0}_load=\"YES\"\n{0}_type=\"file\"\n{0}_name=\"/bootfs/{1}\"\n", handle, module.file);
    out += fmt::format("{}_flags=\"name={}\"\n", handle, module.name);
    const Module* hash = i + 1 < entry.modules.size() ? &entry.modules[i + 1] : nullptr;
    if (hash && hash->content) out += fmt::format("{}_hash=\"{}\"\n", handle, *hash->content);
  }
  return out;
}

std::string archive_lines(const Entry& entry) {
  std::string out = fmt::format("\nbootfile=\"/{}\"\n", entry.kernel);
  bool hashed = false;
  for (const Module& module : entry.modules) {
    if (module.origin != Module::Origin::image) continue;
    bool root = module.type == Module::Type::rootfs;
    hashed |= !root;
    out += fmt::format("{0}_load=\"YES\"\n{0}_type=\"{1}\"\n{0}_name=\"/{2}\"\n",
                       root ? "boot_archive" : "boot_archive.hash", to_string(module.type), module.file);
  }
  if (!hashed) out += "boot_archive.hash_load=\"NO\"\n";  // the loader's own defaults want one
  return out;
}

struct Render {
  std::string operator()(const Boot& boot) const {
    const Entry& entry = boot.entries.front();
    if (std::string fault = fault_of(entry); !fault.empty())
      return (*this)(Refusal{Refusal::Why::arguments, fault, std::string(remedy)});
    std::string out = fmt::format("autoboot_delay=\"{}\"\n", boot.menu ? boot.timeout.count() : 0);
    if (!entry.args.flags.empty()) out += fmt::format("boot-args=\"{}\"\n", fmt::join(entry.args.flags, " "));
    for (const model::Property& property : entry.args.properties)
      out += fmt::format("{}={}\n", property.name, *quoted_value(property.value));
    return out + archive_lines(entry) + module_lines(entry);
  }

  /// `exec` is Forth: said, and then the machine waits at the loader's prompt.
  static std::string said(std::string_view text) {
    std::string plain = ipxe_text(text);
    std::replace_if(
        plain.begin(), plain.end(), [](char c) { return c == ')' || c == '"' || c == '\\'; }, ' ');
    return fmt::format("exec=\".( Slipway: {} ) cr\"\n", plain);
  }

  std::string operator()(const LocalDisk&) const {
    return "autoboot_delay=\"NO\"\n" + said("this machine boots from its own disk");
  }
  std::string operator()(const Silent&) const { return (*this)(LocalDisk{}); }
  std::string operator()(const Refusal& refusal) const {
    return "autoboot_delay=\"NO\"\n" + said("it did not boot: " + refusal.sentence) + said(refusal.remedy);
  }
};

}  // namespace

std::string loader_conf(const Decision& decision, const ScriptContext& context) {
  return fmt::format("# Made by Slipway for {}\n", made_for(context)) + std::visit(Render{}, decision);
}

Findings lint_illumos(const Decision& decision, const ScriptContext&) {
  Findings out;
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot) return out;
  const Entry& entry = boot->entries.front();
  if (std::string fault = fault_of(entry); !fault.empty())
    out.push_back({Rule::loader_conf, fmt::format("{}: {}", entry.label, fault), std::string(remedy)});
  return out;
}

std::string illumos_root_path(Ipv4 server, const MacAddress& mac) {
  return fmt::format("tftp://{}/illumos/{}", server.to_string(), mac.hyphens());
}

LoaderAsks illumos_file(const Decision& decision, std::string_view path) {
  const Boot* boot = std::get_if<Boot>(&decision);
  if (!boot) return {};
  constexpr std::string_view own = "bootfs/";
  if (path.starts_with(own)) return {nullptr, {}, boot_module(decision, path.substr(own.size()))};
  const Entry& entry = boot->entries.front();
  bool served = entry.image && entry.image->file(path);
  return served ? LoaderAsks{&entry, std::string(path), nullptr} : LoaderAsks{};
}

}  // namespace slipway::boot
