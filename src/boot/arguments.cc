// SPDX-License-Identifier: MPL-2.0
#include "boot/arguments.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "boot/kernel_args.h"

namespace slipway::boot {
namespace {

using model::Variant;

constexpr std::array<std::string_view, 2> filled_in_later{"{image}", "{server}"};

std::string_view name_of(std::string_view word) {
  return word.substr(0, word.find('='));
}

/// "ttya" to "ttyd" is the number of a serial line.
std::optional<int> serial_line(std::string_view console) {
  if (console.size() != 4 || !console.starts_with("tty") || console[3] < 'a' || console[3] > 'd')
    return std::nullopt;
  return console[3] - 'a';
}

/// illumos' "115200,8,n,1,-" as Linux writes it: "115200n8".
std::string linux_mode(std::string_view mode) {
  std::array<std::string, 3> fields{"115200", "8", "n"};
  for (std::string& field : fields) {
    std::size_t end = std::min(mode.find(','), mode.size());
    if (end > 0) field = mode.substr(0, end);
    mode.remove_prefix(std::min(end + 1, mode.size()));
  }
  return fields[0] + fields[2] + fields[1];
}

std::string console_word(std::string_view console, const model::Properties& properties) {
  if (console == "text") return "console=tty0";
  auto line = serial_line(console);
  if (!line) return {};
  auto mode = std::find_if(properties.begin(), properties.end(), [&](const model::Property& property) {
    return property.name == fmt::format("{}-mode", console);
  });
  return fmt::format("console=ttyS{},{}", *line,
                     linux_mode(mode == properties.end() ? usual_mode : std::string_view(mode->value)));
}

Words all_words(const std::vector<std::string>& lines) {
  Words words;
  for (const std::string& line : lines) {
    for (std::string& word : words_of(line)) words.push_back(std::move(word));
  }
  return words;
}

Words said(Words words, const model::Profile& profile, const model::Machine* machine, const MacAddress& mac) {
  words = laid_over(std::move(words), all_words(profile.arguments));
  if (machine) words = laid_over(std::move(words), all_words(machine->arguments));
  for (std::string& word : words) {
    fill_in(word, "{mac}", mac.hyphens());
    fill_in(word, "{name}", machine ? machine->name : mac.hyphens());
  }
  return words;
}

void check_gaps(std::string_view word, Findings& out) {
  std::string rest(word);
  for (std::string_view known : filled_in_later) fill_in(rest, known, "");
  std::size_t open = rest.find('{');
  std::size_t close = rest.find('}', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) return;
  out.push_back(
      {Rule::arguments_gap,
       fmt::format("nothing is known to stand for {} in {}", rest.substr(open, close - open + 1), word),
       "write {image}, {server}, {mac} or {name}"});
}

}  // namespace

void fill_in(std::string& text, std::string_view gap, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(gap, at)) != std::string::npos; at += with.size())
    text.replace(at, gap.size(), with);
}

Words words_of(std::string_view text) {
  Words words;
  std::string word;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (c != ' ' || quoted) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

Words laid_over(Words base, const Words& over) {
  std::erase_if(base, [&](const std::string& word) {
    return std::any_of(over.begin(), over.end(),
                       [&](const std::string& other) { return name_of(other) == name_of(word); });
  });
  base.insert(base.end(), over.begin(), over.end());
  return base;
}

bool means_something(Variant variant) {
  return variant == Variant::normal || variant == Variant::serial || variant == Variant::single_user ||
         variant == Variant::debug;
}

Words linux_words(std::string_view image_words, const model::Profile& profile, const model::Machine* machine,
                  Variant variant, const MacAddress& mac) {
  Words words = words_of(image_words);
  if (std::string console = console_word(profile.console, profile.properties); !console.empty())
    words = laid_over(std::move(words), {console});
  words = said(std::move(words), profile, machine, mac);
  std::string_view serial = serial_line(profile.console) ? std::string_view(profile.console) : "ttya";
  if (variant == Variant::serial) words = laid_over(words, {console_word(serial, profile.properties)});
  if (variant == Variant::single_user) words = laid_over(words, {"single"});
  if (variant == Variant::debug) words = laid_over(words, {"debug", "ignore_loglevel"});
  return words;
}

Findings check_linux_console(const model::Profile& profile) {
  Findings out = check_modes(profile.properties);
  std::string chosen = console_word(profile.console, profile.properties);
  if (chosen.empty()) return out;
  std::string last = chosen;  // Linux makes the last its own
  for (const std::string& word : all_words(profile.arguments)) {
    if (name_of(word) == "console") last = word;
  }
  if (last != chosen)
    out.push_back({Rule::console_twice,
                   fmt::format("profile {} says console = \"{}\", and among its arguments {}, which counts",
                               profile.name, profile.console, last),
                   "keep one of them"});
  return out;
}

Words plain_words(std::string_view image_words, const model::Profile& profile, const model::Machine* machine,
                  const MacAddress& mac) {
  return said(words_of(image_words), profile, machine, mac);
}

std::string joined(const Words& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

Findings check(const Words& words) {
  Findings out;
  for (const std::string& word : words) {
    bool plain = std::all_of(word.begin(), word.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (!plain)
      out.push_back({Rule::arguments_word, fmt::format("the argument {} is no plain text", name_of(word)),
                     "use printable ASCII characters"});
    if (std::count(word.begin(), word.end(), '"') % 2 != 0)
      out.push_back({Rule::arguments_word, fmt::format("a quote in the argument {} is not closed", word),
                     "close it; it makes one argument of all that follows"});
    check_gaps(word, out);
  }
  if (std::size_t length = joined(words).size(); length >= linux_line_limit)
    out.push_back(
        {Rule::arguments_length,
         fmt::format("the arguments have {} characters, and Linux keeps {}", length, linux_line_limit - 1),
         "move settings into a file that the system fetches"});
  return out;
}

}  // namespace slipway::boot
