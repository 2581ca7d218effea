// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <cctype>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "boot/boot_files.h"

namespace slipway::boot {
namespace {

namespace json = boost::json;

bool is_true(const KernelArgs& args, std::string_view name) {
  return std::any_of(args.properties.begin(), args.properties.end(),
                     [&](const model::Property& p) { return p.name == name && p.value == "true"; });
}

/// What a shell takes for nothing but text: SmartOS puts values into `eval` and into a file it sources
/// (lib/sdc/config.sh of smartos-live).
bool is_plain(std::string_view text) {
  constexpr std::string_view harmless = "-_.:,/@%+=";
  return std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return std::isalnum(c) || harmless.find(static_cast<char>(c)) != harmless.npos;
  });
}

/// The first value below `value`, or name of one, that is more than text to a shell; empty: none is.
std::string shell_text_in(const json::value& value) {
  if (const json::string* text = value.if_string())
    return is_plain(*text) ? std::string() : std::string(*text);
  if (const json::array* list = value.if_array()) {
    for (const json::value& item : *list) {
      if (std::string found = shell_text_in(item); !found.empty()) return found;
    }
  } else if (const json::object* table = value.if_object()) {
    for (const auto& [name, item] : *table) {
      if (!is_plain(name)) return std::string(name);
      if (name == "nictag_rules") continue;  // goes into a file that nothing evaluates
      if (std::string found = shell_text_in(item); !found.empty()) return found;
    }
  }
  return {};
}

/// The password is hashed and never meets a shell but within quotes.
std::string shell_text_in_answers(json::object answers) {
  if (json::value* password = answers.if_contains("root_password")) {
    if (password->is_string() && password->as_string().find_first_of("\"'`\\$") != json::string::npos)
      return "root_password";
    answers.erase("root_password");
  }
  return shell_text_in(answers);
}

std::string text_at(const json::object& answers, std::string_view name) {
  const json::value* value = answers.if_contains(name);
  if (!value) return {};
  return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

void check_answers(const json::object& answers, const KernelArgs& args, Findings& out) {
  if (!is_true(args, "smartos"))
    out.push_back({Rule::answers_smartos, "answers.json is there, and smartos=true is not",
                   "add smartos = true to the properties, or drop the answers"});
  for (std::string_view name : {"config_console", "root_password", "skip_final_confirm"}) {
    bool answered =
        name == "skip_final_confirm" ? text_at(answers, name) == "true" : !text_at(answers, name).empty();
    if (answered) continue;
    out.push_back({Rule::answers_wait, fmt::format("the installer will wait for a person: no {}", name),
                   name == "skip_final_confirm"
                       ? "answers = { skip_final_confirm = true } erases the disks without a question"
                       : fmt::format("say {} among the answers", name)});
  }
}

/// SmartOS reads these two; what else is below /system/boot is nobody's business here.
void check_json(const BootFile& file, const KernelArgs& args, Findings& out) {
  bool answers = file.name == "answers.json";
  if (!answers && file.name != "networking.json") return;
  boost::system::error_code error;
  json::parse_options strict;
  strict.max_depth = 16;
  json::value value = json::parse(*file.content, error, {}, strict);
  if (error || !value.is_object()) {
    out.push_back({Rule::boot_file_json,
                   fmt::format("{} is no JSON object{}", file.name, error ? ": " + error.message() : ""),
                   answers ? "SmartOS would ignore all of it: correct it"
                           : "the network would not come up: correct it"});
    return;
  }
  std::string found = answers ? shell_text_in_answers(value.as_object()) : shell_text_in(value);
  if (!found.empty())
    out.push_back({Rule::boot_file_shell,
                   fmt::format("{} holds \"{}\", which is more than text to a shell", file.name, found),
                   "use letters, digits and -_.:,/@%+= alone"});
  if (answers) check_answers(value.as_object(), args, out);
}

/// A file where another's folder would have to be.
void check_folders(const std::vector<BootFile>& files, Findings& out) {
  for (const BootFile& file : files) {
    auto within =
        std::ranges::find_if(files, [&](auto& other) { return other.name.starts_with(file.name + "/"); });
    if (within != files.end())
      out.push_back({Rule::boot_file_folder,
                     fmt::format("boot module {} is a file, and the folder of {}", file.name, within->name),
                     "rename one of them"});
  }
}

}  // namespace

Findings check(const std::vector<BootFile>& files, const KernelArgs& args) {
  Findings out;
  for (const BootFile& file : files) {
    if (!file.fault.empty()) {
      out.push_back(
          {Rule::boot_file_unread, fmt::format("boot module {}: {}", file.name, file.fault),
           "correct the path, or let the daemon's account read it (`namei -l` shows who may), and reload"});
    } else {
      check_json(file, args, out);
    }
  }
  check_folders(files, out);
  return out;
}

}  // namespace slipway::boot
