// SPDX-License-Identifier: MPL-2.0
#include "boot/ipxe_text.h"

#include <fmt/format.h>

namespace slipway::boot {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(blanks, at)) != std::string_view::npos) {
    std::size_t end = std::min(text.find_first_of(blanks, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool ends_a_command(std::string_view word) {
  return word == "||" || word == "&&" || word == ";";
}

std::string harmless_word(std::string word) {
  if (word == "||") return "or";
  if (word == "&&") return "and";
  if (word == ";") return ",";
  for (char& c : word) {
    if (c < 0x21 || c > 0x7e) c = '?';
  }
  if (word[0] == '#') word[0] = '*';
  for (std::size_t at = 0; (at = word.find("${", at)) != std::string::npos;) word[at] = '*';
  return word;
}

std::vector<IpxeCommand> commands_of(std::string_view text) {
  std::vector<IpxeCommand> commands(1);
  for (std::string& word : words_of(text)) {
    if (word[0] == '#') {
      commands.back().ended_by = "#";
      break;
    }
    if (ends_a_command(word)) {
      commands.back().ended_by = word;
      commands.emplace_back();
    } else {
      commands.back().words.push_back(std::move(word));
    }
  }
  return commands;
}

IpxeLine line_of(std::string_view text, int number) {
  IpxeLine line;
  line.number = number;
  line.text = text;
  std::size_t start = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(start);
  if (text.starts_with(':')) {
    std::size_t end = std::min(text.find_first_of(blanks), text.size());
    line.label = text.substr(1, end - 1);
    text.remove_prefix(end);
  }
  line.commands = commands_of(text);
  return line;
}

}  // namespace

std::string ipxe_text(std::string_view text) {
  std::string out;
  std::string plain(text);
  for (char& c : plain) {
    if (c == '\n') c = ' ';
  }
  for (std::string& word : words_of(plain)) {
    if (!out.empty()) out += ' ';
    out += harmless_word(std::move(word));
  }
  // A script line that ends in a backslash would go on in the next.
  if (out.ends_with('\\')) out.back() = '/';
  return out;
}

std::string ipxe_fault(std::string_view arguments) {
  if (arguments.find("${") != std::string_view::npos) return "iPXE would expand ${";
  if (arguments.find("  ") != std::string_view::npos) return "iPXE makes one blank of several";
  for (char c : arguments) {
    if (c < 0x20 || c > 0x7e) return "it holds a character that is no plain text";
  }
  for (const std::string& word : words_of(arguments)) {
    if (ends_a_command(word)) return fmt::format("iPXE ends the command at {}", word);
    if (word[0] == '#') return fmt::format("iPXE takes {} for a comment", word);
  }
  return {};
}

std::vector<IpxeLine> ipxe_lines(std::string_view script) {
  std::vector<IpxeLine> lines;
  std::string joined;
  int number = 0, first = 0;
  while (!script.empty()) {
    std::size_t end = std::min(script.find('\n'), script.size());
    std::string_view text = script.substr(0, end);
    script.remove_prefix(std::min(end + 1, script.size()));
    ++number;
    if (joined.empty()) first = number;
    joined += text;
    if (joined.ends_with('\\') && !script.empty()) {
      joined.pop_back();
      continue;
    }
    lines.push_back(line_of(joined, first));
    joined.clear();
  }
  return lines;
}

}  // namespace slipway::boot
