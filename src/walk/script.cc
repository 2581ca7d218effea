// SPDX-License-Identifier: MPL-2.0
#include "walk/script.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/printable.h"

namespace slipway::walk {
namespace {

constexpr unsigned most_commands = 10'000;
constexpr std::size_t most_said = 3;
constexpr Duration longest_pause = std::chrono::minutes(10);

/// Options that have their value in the next word.
bool takes_value(std::string_view word) {
  constexpr std::array<std::string_view, 14> options{
      "--name", "-n",      "--timeout", "-t",       "--key", "-k",   "--default",
      "-d",     "--drive", "--keymap",  "--params", "-p",    "--bg", "--fg"};
  return std::find(options.begin(), options.end(), word) != options.end();
}

/// The words that are no options, without the command itself.
std::vector<std::string> operands(const std::vector<std::string>& words) {
  std::vector<std::string> found;
  for (std::size_t i = 1; i < words.size(); ++i) {
    bool option = words[i].size() > 1 && words[i][0] == '-' && found.empty();
    if (!option) found.push_back(words[i]);
    if (option && takes_value(words[i])) ++i;
  }
  return found;
}

std::string option(const std::vector<std::string>& words, std::string_view name) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == name && i + 1 < words.size()) return words[i + 1];
    if (words[i].starts_with(name) && words[i].size() > name.size() && words[i][name.size()] == '=')
      return words[i].substr(name.size() + 1);
  }
  return "";
}

std::string joined(const std::vector<std::string>& words, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < words.size(); ++i) text += (i > from ? " " : "") + words[i];
  return text;
}

std::string item_of(const std::vector<std::string>& words) {
  bool gap = std::find(words.begin(), words.end(), "--gap") != words.end();
  auto found = operands(words);
  return gap || found.empty() ? "" : found.front();
}

/// They change nothing that matters to the way, and go well.
bool is_harmless(std::string_view command) {
  constexpr std::array<std::string_view, 26> harmless{
      "imgfree", "imgstat", "imgargs", "imgselect", "imgtrust", "imgverify", "ifopen",  "ifclose", "ifstat",
      "ifconf",  "dhcp",    "route",   "config",    "console",  "colour",    "color",   "cpair",   "login",
      "params",  "param",   "ntp",     "sync",      "menu",     "inc",       "vcreate", "nstat"};
  return std::find(harmless.begin(), harmless.end(), command) != harmless.end();
}

}  // namespace

bool is_script(std::string_view text) {
  return text.starts_with("#!ipxe");
}

Script::Script(std::string_view text, Settings& settings)
    : settings_(settings), lines_(boot::ipxe_lines(text)), commands_left_(most_commands) {}

Step Script::next(bool went_well) {
  if (begun_) {
    ok_ = went_well && !timed_out_;
    timed_out_ = false;
    begun_ = false;
    ++command_;
  }
  Step step = Boots{};
  while (line_ < lines_.size()) {
    if (run_line(step)) return step;
  }
  return Stopped{"the script came to its end without a boot" + last_words()};
}

std::string Script::last_words() const {
  std::string text;
  for (const std::string& said : said_) text += (text.empty() ? "" : " / ") + said;
  return text.empty() ? text : "; it said: " + printable(text.substr(0, 400));
}

/// From the command it stands at. True when a step must be taken first, or nothing more comes.
bool Script::run_line(Step& step) {
  const auto& commands = lines_[line_].commands;
  for (; command_ < commands.size(); ++command_) {
    std::string_view joint = command_ ? std::string_view(commands[command_ - 1].ended_by) : ";";
    if ((joint == "&&" && !ok_) || (joint == "||" && ok_)) continue;
    Words words;
    // Each word by itself: what expands to nothing stays a word, and `isset` sees that it is empty.
    for (const std::string& word : commands[command_].words) words.push_back(settings_.expand(word));
    if (words.empty() || words[0].empty()) {
      ok_ = true;  // "|| " and nothing behind it: forgiven
      continue;
    }
    if (commands_left_-- == 0) {
      step = Stopped{"the script runs in a circle" + last_words()};
      return true;
    }
    Effect effect = run(words, step);
    if (effect == Effect::jumped) return false;
    begun_ = effect == Effect::step;
    if (begun_) return true;
    ok_ = effect == Effect::ok;
  }
  command_ = 0;
  if (!ok_) {
    step = Stopped{fmt::format("line {} of the script failed: {}{}", lines_[line_].number,
                               printable(lines_[line_].text.substr(0, 120)), last_words())};
    return true;
  }
  ++line_;
  return false;
}

Script::Effect Script::jump(const std::string& label) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].label != label) continue;
    line_ = i;
    command_ = 0;
    ok_ = true;
    return Effect::jumped;
  }
  return Effect::failed;
}

Script::Effect Script::want(Role role, const Words& words, Step& step) {
  auto found = operands(words);
  if (found.empty()) return Effect::failed;
  step = Wanted{role, found.front()};
  return Effect::step;
}

Script::Effect Script::pause(std::string_view text, Duration unit, bool menu, Step& step) {
  long count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  count = std::clamp<long>(count, 0, longest_pause / unit);
  step = Pause{unit * count, menu};
  return Effect::step;
}

/// Nobody chooses: the default, or else the first entry, when the time is up.
Script::Effect Script::choose(const Words& words, Step& step) {
  auto found = operands(words);
  std::string chosen = option(words, "--default");
  if (chosen.empty()) chosen = option(words, "-d");
  if (!found.empty()) settings_.set(found.back(), chosen.empty() ? first_item_ : chosen);
  std::string timeout = option(words, "--timeout");
  return timeout.empty() ? Effect::ok : pause(timeout, std::chrono::milliseconds(1), true, step);
}

Script::Effect Script::run(const Words& words, Step& step) {
  const std::string& command = words[0];
  auto judged = [](bool ok) { return ok ? Effect::ok : Effect::failed; };
  if (is_harmless(command)) return Effect::ok;
  if (command == "echo") {
    if (words.size() > 1) said_.push_back(joined(words, 1));
    if (said_.size() > most_said) said_.erase(said_.begin());
    return Effect::ok;
  }
  if (command == "set" && words.size() > 1) return settings_.set(words[1], joined(words, 2)), Effect::ok;
  if (command == "clear" && words.size() > 1) return settings_.set(words[1], ""), Effect::ok;
  if (command == "isset") return judged(words.size() == 2 && !words[1].empty());
  if (command == "iseq") return judged(words.size() == 3 && words[1] == words[2]);
  if (command == "goto") return words.size() > 1 ? jump(words[1]) : Effect::failed;
  if (command == "kernel") return want(Role::kernel, words, step);
  if (command == "chain") return want(Role::script, words, step);
  if (command == "module" || command == "initrd" || command == "imgfetch")
    return want(Role::module, words, step);
  if (command == "item") {
    if (first_item_.empty()) first_item_ = item_of(words);
    return Effect::ok;
  }
  if (command == "choose") return choose(words, step);
  if (command == "sleep" && words.size() > 1) return pause(words[1], std::chrono::seconds(1), false, step);
  if (command == "prompt") {
    std::string timeout = option(words, "--timeout");
    timed_out_ = true;
    return pause(timeout, std::chrono::milliseconds(1), false, step);
  }
  if (command == "boot" || command == "imgexec") return step = Boots{}, Effect::step;
  if (command == "shell" || command == "exit" || command == "reboot" || command == "poweroff" ||
      command == "sanboot") {
    step = Stopped{fmt::format("the script says {}{}", command, last_words())};
    return Effect::step;
  }
  return Effect::failed;
}

}  // namespace slipway::walk
