// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "boot/kernel_args.h"
#include "boot/kernel_properties.h"

namespace slipway::boot {
namespace {

using model::Property;

/// The hash of the word "root" in the old wiki page that half the world copied from.
constexpr std::string_view wiki_hash = "$5$2HOHRnK3$NvLlm.1KQBbB0WjoP7xcIwGnllhzp2HnT.mDO7DpxYA";
constexpr std::string_view known_flags = "adhkmrsvx";
constexpr std::array<std::string_view, 7> consoles{"text", "graphics", "ttya",      "ttyb",
                                                   "ttyc", "ttyd",     "force-text"};

const std::string* value_of(const KernelArgs& args, std::string_view name) {
  for (const Property& property : args.properties) {
    if (property.name == name) return &property.value;
  }
  return nullptr;
}

bool is_true(const KernelArgs& args, std::string_view name) {
  const std::string* value = value_of(args, name);
  return value && *value == "true";
}

bool is_property_name(std::string_view name) {
  auto allowed = [](unsigned char c) {
    return std::isalnum(c) || std::string_view("-_.:+@").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

bool is_flag_word(std::string_view word) {
  return word.size() >= 2 && word[0] == '-' && word != "-B" &&
         std::all_of(word.begin() + 1, word.end(), [](unsigned char c) { return std::isalpha(c); });
}

void check_flags(const KernelArgs& args, Findings& out) {
  bool debug = false, debugger = false, argument = false;
  for (const std::string& flag : args.flags) {
    bool takes_this = std::exchange(argument, false);
    bool plain = std::all_of(flag.begin(), flag.end(),
                             [](unsigned char c) { return std::isalnum(c) || c == '=' || c == '_'; });
    if (takes_this && plain) continue;
    if (!is_flag_word(flag)) {
      out.push_back({Rule::flag_word, fmt::format("{} stands among the flags and is none", flag),
                     "flags are a dash and letters; properties go below `properties`, without -B"});
      continue;
    }
    if (flag.find_first_not_of(known_flags, 1) != std::string::npos)
      out.push_back(
          {Rule::flag_unknown, fmt::format("the kernel does not know the flag {}", flag), "drop it"});
    debug = debug || flag.find('d', 1) != std::string::npos;
    debugger = debugger || flag.find('k', 1) != std::string::npos;
    argument = flag.back() == 'm';
  }
  if (debug && !debugger) out.push_back({Rule::flag_kmdb, "flag -d stands without -k", "add -k, or drop -d"});
}

void check_names(const KernelArgs& args, Findings& out) {
  std::set<std::string_view> seen;
  for (const Property& property : args.properties) {
    if (!is_property_name(property.name)) {
      out.push_back({Rule::property_name,
                     fmt::format("\"{}\" cannot be the name of a property", property.name),
                     "use letters, digits and -_.:+@"});
    } else if (!seen.insert(property.name).second) {
      out.push_back(
          {Rule::property_twice, fmt::format("property {} is there twice", property.name), "keep one"});
    }
  }
}

void check_values(const KernelArgs& args, Findings& out) {
  std::size_t total = 0;
  for (const Property& property : args.properties) {
    auto said = quoted(property.value);
    total += property.name.size() + 1 + property.value.size() + 1;
    if (!said) {
      out.push_back({Rule::property_value,
                     fmt::format("the value of {} cannot be said on a kernel line", property.name),
                     "give it a value of printable characters that holds not both kinds of quotes"});
    }
  }
  if (total > kernel_line_limit) {
    out.push_back({Rule::kernel_line_length,
                   fmt::format("the properties need {} of {} bytes", total, kernel_line_limit),
                   "move settings into a boot module"});
  }
}

void check_words(const KernelArgs& args, Findings& out) {
  std::string line = to_line(args);
  if (line.find("multiboot") != std::string::npos) {
    out.push_back(
        {Rule::word_multiboot, "the arguments hold the word multiboot", "say it without that word"});
  }
  if (line.find("/platform/") != std::string::npos) {
    out.push_back({Rule::kernel_path_twice, "the arguments hold /platform/, as the kernel's path does",
                   "only the kernel's path may have it"});
  }
}

void check_console(const KernelArgs& args, Findings& out) {
  const std::string* console = value_of(args, "console");
  if (console && std::find(consoles.begin(), consoles.end(), *console) == consoles.end()) {
    out.push_back({Rule::console_mode, fmt::format("the kernel does not know the console {}", *console),
                   "use text, graphics, or ttya to ttyd"});
  }
  for (std::string_view line : {"ttya", "ttyb", "ttyc", "ttyd"}) {
    if (value_of(args, std::string(line) + "-mode") && (!console || *console != line)) {
      out.push_back({Rule::console_mode, fmt::format("{0}-mode is set, but {0} is not the console", line),
                     fmt::format("set console = \"{}\" or drop the mode", line)});
    }
  }
}

bool is_mode(std::string_view text) {
  // illumos, boot_console.c: any other speed is 9600.
  constexpr std::array<std::string_view, 12> speeds{"110",  "150",  "300",   "600",   "1200",  "2400",
                                                    "4800", "9600", "19200", "38400", "57600", "115200"};
  std::size_t comma = text.find(',');
  if (std::find(speeds.begin(), speeds.end(), text.substr(0, comma)) == speeds.end()) return false;
  std::string_view rest = comma == text.npos ? "" : text.substr(comma);
  constexpr std::array<std::string_view, 4> letters{"5678", "neo", "12", "-hs"};
  if (rest.size() != 2 * letters.size()) return false;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (rest[2 * i] != ',' || letters[i].find(rest[2 * i + 1]) == std::string_view::npos) return false;
  }
  return true;
}

void check_confirmed(const KernelArgs& args, std::string_view word, std::string sentence, Findings& out) {
  if (!args.confirmed) return;
  if (std::find(args.confirmed->begin(), args.confirmed->end(), word) != args.confirmed->end()) return;
  out.push_back({Rule::unconfirmed, std::move(sentence),
                 fmt::format("drop it, or add confirm = [\"{}\"] beside the properties", word)});
}

void check_dangers(const KernelArgs& args, Findings& out) {
  if (is_true(args, "destroy_zpools")) {
    check_confirmed(args, "destroy_zpools", "destroy_zpools=true erases disks, and nobody confirmed it", out);
    out.push_back({Rule::destroy_zpools, "destroy_zpools=true erases every pool of this machine",
                   "remove it as soon as the machine has been erased"});
  }
  const std::string* shadow = value_of(args, "root_shadow");
  if (!shadow) {
    if (is_true(args, "noimport"))
      out.push_back({Rule::rescue_login,
                     "no pool is imported and no root_shadow is set: root has the platform's own password",
                     "set root_shadow to what `openssl passwd -5` makes, or have the file root.password of "
                     "the publisher's archive at hand: it is not kept here"});
    return;
  }
  if (*shadow == wiki_hash) {
    check_confirmed(args, "default-password",
                    "root_shadow is a password that everybody knows, and nobody confirmed it", out);
    out.push_back({Rule::default_password, "root_shadow is the hash of the word root",
                   "make your own with `openssl passwd -5`"});
  }
  if (shadow->find('=') != std::string::npos)
    out.push_back({Rule::shadow_cut, "root_shadow holds a second equals sign and is cut there",
                   "make a hash without rounds="});
  if (is_true(args, "standalone"))
    out.push_back({Rule::rescue_password, "root_shadow is not applied beside standalone=true",
                   "use the variant rescue: smartos=false,noimport=true"});
}

}  // namespace

Findings check_modes(const model::Properties& properties) {
  Findings out;
  for (const Property& property : properties) {
    if (property.name.size() != 9 || !property.name.starts_with("tty") || !property.name.ends_with("-mode"))
      continue;
    if (is_mode(property.value)) continue;
    out.push_back({Rule::mode_format,
                   fmt::format("{} is no mode of a serial line: {}", property.name, property.value),
                   fmt::format("write speed, bits, parity, stop bits and handshake: \"{}\"", usual_mode)});
  }
  return out;
}

Findings check_console_choice(const model::Profile& profile) {
  for (const Property& property : profile.properties) {
    if (property.name != "console" || profile.console.empty() || property.value == profile.console) continue;
    return {{Rule::console_twice,
             fmt::format(
                 "profile {} says console = \"{}\", and among its properties console = \"{}\", which counts",
                 profile.name, profile.console, property.value),
             "keep one of them"}};
  }
  return {};
}

Findings check(const KernelArgs& args) {
  Findings out;
  check_flags(args, out);
  check_names(args, out);
  check_values(args, out);
  check_words(args, out);
  check_console(args, out);
  std::ranges::move(check_modes(args.properties), std::back_inserter(out));
  check_dangers(args, out);
  for (const Property& property : args.properties) check_known(property, out);
  return out;
}

}  // namespace slipway::boot
