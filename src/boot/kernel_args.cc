// SPDX-License-Identifier: MPL-2.0
#include "boot/kernel_args.h"

#include <algorithm>

namespace slipway::boot {
namespace {

using model::Properties;
using model::Property;
using model::Variant;

const Property* find(const Properties& properties, std::string_view name) {
  auto found =
      std::find_if(properties.begin(), properties.end(), [&](const Property& p) { return p.name == name; });
  return found == properties.end() ? nullptr : &*found;
}

void set(Properties& properties, std::string_view name, std::string_view value) {
  properties = model::merged(std::move(properties), {Property{std::string(name), std::string(value), {}}});
}

void remove(Properties& properties, std::string_view name) {
  properties.erase(
      std::remove_if(properties.begin(), properties.end(), [&](const Property& p) { return p.name == name; }),
      properties.end());
}

bool is_serial(std::string_view console) {
  return console.size() == 4 && console.starts_with("tty") && console[3] >= 'a' && console[3] <= 'd';
}

void add_words(std::vector<std::string>& words, std::string_view text) {
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t", at)) != std::string_view::npos) {
    std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
}

void add_flag(KernelArgs& args, std::string_view flag) {
  if (std::find(args.flags.begin(), args.flags.end(), flag) == args.flags.end())
    args.flags.emplace_back(flag);
}

/// `console=ttyb` wants `ttyb-mode=...` beside it.
void add_mode(Properties& properties) {
  const Property* console = find(properties, "console");
  if (!console || !is_serial(console->value)) return;
  std::string mode = console->value + "-mode";
  if (!find(properties, mode)) set(properties, mode, usual_mode);
}

/// The serial line the operator uses, or ttyb, where most SmartOS hardware has its console.
std::string serial_line(const Properties& properties) {
  const Property* console = find(properties, "console");
  return console && is_serial(console->value) ? console->value : "ttyb";
}

}  // namespace

KernelArgs kernel_args(const model::Profile& profile, const model::Machine* machine, Variant variant) {
  KernelArgs args;
  args.properties = machine ? model::merged(profile.properties, machine->properties) : profile.properties;
  args.confirmed = profile.confirmed;
  if (machine)
    args.confirmed->insert(args.confirmed->end(), machine->confirmed.begin(), machine->confirmed.end());
  for (const std::string& flag : profile.flags) add_words(args.flags, flag);
  if (machine) {
    for (const std::string& flag : machine->flags) add_words(args.flags, flag);
  }
  if (!profile.console.empty() && !find(args.properties, "console"))
    set(args.properties, "console", profile.console);
  add_mode(args.properties);
  return varied(std::move(args), variant);
}

KernelArgs with_console(KernelArgs args, std::string_view console) {
  for (std::string_view line : {"ttya", "ttyb", "ttyc", "ttyd"}) {
    if (line != console) remove(args.properties, std::string(line) + "-mode");
  }
  set(args.properties, "console", console);
  add_mode(args.properties);
  return args;
}

KernelArgs varied(KernelArgs args, Variant variant) {
  switch (variant) {
    case Variant::normal:
      break;
    case Variant::serial:
      return with_console(args, serial_line(args.properties));
    case Variant::rescue:
      // `standalone=true,noimport=true`, as the wiki has it, leaves root without the password given.
      remove(args.properties, "standalone");
      remove(args.properties, "destroy_zpools");  // whoever rescues wants the pools
      set(args.properties, "smartos", "false");
      set(args.properties, "noimport", "true");
      break;
    case Variant::kmdb:
      add_flag(args, "-k");
      add_flag(args, "-d");
      break;
    case Variant::single_user:
      add_flag(args, "-s");
      break;
    case Variant::debug:
      for (std::string_view flag : {"-k", "-d", "-v"}) add_flag(args, flag);
      if (std::find(args.flags.begin(), args.flags.end(), "-m") == args.flags.end()) {
        args.flags.emplace_back("-m");
        args.flags.emplace_back("verbose");
      }
      set(args.properties, "prom_debug", "true");
      break;
  }
  return args;
}

std::optional<std::string> quoted(std::string_view value) {
  auto printable = [](unsigned char c) { return c >= 0x20 && c < 0x7f; };
  if (value.empty() || !std::all_of(value.begin(), value.end(), printable)) return std::nullopt;
  bool opens = value.front() == '"' || value.front() == '\'';
  if (value.find_first_of(", $\\") == std::string_view::npos && !opens) return std::string(value);
  // A password hash is written '$5$...' by habit, everything else "...".
  std::string_view quotes = value.find('$') == std::string_view::npos ? "\"'" : "'\"";
  for (char quote : quotes) {
    if (value.find(quote) == std::string_view::npos) return quote + std::string(value) + quote;
  }
  return std::nullopt;
}

std::string to_line(const KernelArgs& args) {
  std::string line;
  for (const std::string& flag : args.flags) {
    if (!line.empty()) line += ' ';
    line += flag;
  }
  if (args.properties.empty()) return line;
  if (!line.empty()) line += ' ';
  line += "-B ";
  bool first = true;
  for (const Property& property : args.properties) {
    if (!first) line += ',';
    first = false;
    line += property.name + "=" + quoted(property.value).value_or(property.value);
  }
  return line;
}

}  // namespace slipway::boot
