// SPDX-License-Identifier: MPL-2.0
#include "config/reference.h"

#include <fmt/format.h>

#include "config/config.h"
#include "config/options.h"
#include "config/settings.h"
#include "wire/dhcp_options.h"

namespace slipway::config {
namespace {

constexpr std::string_view minimum =
    "interface = \"eth1\"\n"
    "network   = \"10.99.99.0/24\"\n"
    "range     = \"10.99.99.210-10.99.99.219\"\n"
    "router    = \"10.99.99.1\"\n";

/// What holds for the file as a whole.
constexpr std::string_view rules[] = {
    "Every key has a default that works, unless it is marked as required. A key that does not exist is an "
    "error, and the nearest one that does is named.",
    "`slipway check` prints all errors of a file at once, each with its line and column.",
    "SIGHUP or `slipway reload` puts a changed file into force, whole or not at all. The keys state, socket, "
    "user, http-port, https-port and tftp-* of [server] want a restart, and so do listen of [api] and the "
    "first certificate.",
};

/// How values are written.
struct Form {
  std::string_view type, says;
};
constexpr Form forms[] = {
    {"path", "absolute, or beginning where the configuration lies"},
    {"time", "seconds, or a text with a unit: 90, \"30s\", \"5m\", \"12h\", \"1d\""},
    {"range", "\"10.99.99.210-10.99.99.219\", both ends included, or a single address"},
    {"list", "[\"a\", \"b\"]; a single value may stand without the brackets"},
    {"image", "\"smartos@latest\", \"smartos@20240102T030405Z\", or the first digits of an id"},
    {"pattern", "text in which * stands for any text; it has to fit as a whole"},
    {"options",
     "{ ntp-servers = [\"10.99.99.1\"], 224 = \"hex:0a0b\" }: names or numbers of DHCP options, as listed "
     "below. "
     "Any value may be bytes: \"hex:0a0b\", with an even number of digits, or { hex = \"0a:0b\" }. A number "
     "that "
     "has no name here takes text, or says its type: 224 = { type = \"u16\", value = 1500 }"},
};

constexpr OptionTypeDoc types[] = {
    {"bytes", "\"0a:0b\""},
    {"text", "\"rack7\""},
    {"flag", "true"},
    {"u8", "64"},
    {"u16", "1500"},
    {"u32", "600"},
    {"i32", "-3600"},
    {"ipv4", "\"10.0.0.1\""},
    {"ipv4-list", "[\"10.0.0.1\", \"10.0.0.2\"]"},
    {"ipv4-pairs", "\"10.1.0.0 10.0.0.1\""},
    {"u8-list", "[1, 3, 6]"},
    {"u16-list", "[7, 9]"},
    {"seconds", "3600"},
    {"message-type", "\"DHCPOFFER\""},
    {"routes", "\"10.1.0.0/16 via 10.0.0.1\""},
    {"domain-list", "[\"example.org\", \"lab.example.org\"]"},
    {"sub-options", "{ 6 = \"hex:08\", 8 = \"text\" }"},
    {"empty", "\"\""},
};

constexpr std::string_view about_types =
    "What an option's value may be. An option with a name has its type from the list below; for a number "
    "without "
    "one, say it: `224 = { type = \"u16\", value = 1500 }`.";
constexpr std::string_view about_names =
    "The DHCP options that have a name here, each with its number and type. Either may be written: "
    "`ntp-servers` is 42.";

/// The options that are the operator's to set.
std::vector<wire::OptionInfo> named_options() {
  std::vector<wire::OptionInfo> named(wire::option_table().begin(), wire::option_table().end());
  std::erase_if(named, [](const wire::OptionInfo& info) { return !is_configurable(info.code); });
  return named;
}

std::string replaced(std::string_view text, char wanted, std::string_view by) {
  std::string made;
  for (char c : text) {
    if (c == wanted)
      made += by;
    else
      made += c;
  }
  return made;
}

std::string cell(std::string_view text) {
  return replaced(text, '|', "\\|");
}

/// roff acts on backslashes and on a dot or quote that begins a line, and draws a hyphen for a minus.
std::string roff(std::string_view text) {
  std::string made = replaced(replaced(text, '\\', "\\e"), '-', "\\-");
  return made.starts_with('.') || made.starts_with('\'') ? "\\&" + made : made;
}

/// `word` in bold, as man pages show what is typed.
std::string roff_words(std::string_view text) {
  std::string made;
  bool bold = false;
  for (char c : roff(text)) {
    if (c == '`') {
      made += bold ? "\\fR" : "\\fB";
      bold = !bold;
    } else {
      made += c;
    }
  }
  return made;
}

std::string fallback_of(const SettingDoc& setting) {
  return setting.required ? "required" : std::string(setting.fallback);
}

}  // namespace

std::span<const OptionTypeDoc> option_types() {
  return types;
}

std::string reference_markdown() {
  std::string page = fmt::format(
      "# Configuration\n\n<!-- Made from src/config/settings.cc by config_test; UPDATE_GOLDEN=1 writes it "
      "anew. "
      "-->\n\nOne file in TOML, `{}`. The whole of it may be four "
      "lines:\n\n```toml\n{}```\n",
      default_path, minimum);
  for (std::string_view rule : rules) page += fmt::format("\n{}\n", rule);
  for (const SectionDoc& section : settings_reference()) {
    page += fmt::format("\n## `{}`\n\n{}\n\n| key | type | default | meaning |\n|---|---|---|---|\n",
                        section.head, section.doc);
    for (const SettingDoc& setting : section.settings) {
      page += fmt::format("| `{}` | {} | {} | {} |\n", setting.name, cell(setting.type),
                          cell(fallback_of(setting)), cell(setting.doc));
    }
  }
  page += "\n## Values\n\n| type | how it is written |\n|---|---|\n";
  for (const Form& form : forms) page += fmt::format("| {} | {} |\n", form.type, cell(form.says));
  page += fmt::format("\n## Types of options\n\n{}\n\n| type | for example |\n|---|---|\n", about_types);
  for (const OptionTypeDoc& each : types) page += fmt::format("| `{}` | `{}` |\n", each.type, each.example);
  page +=
      fmt::format("\n## Names of options\n\n{}\n\n| option | number | type |\n|---|---|---|\n", about_names);
  for (const wire::OptionInfo& info : named_options()) {
    page += fmt::format("| `{}` | {} | {} |\n", info.name, info.code, wire::to_string(info.type));
  }
  return page;
}

std::string reference_man_page() {
  std::string page = fmt::format(
      ".\\\" SPDX-License-Identifier: MPL-2.0\n"
      ".\\\" Made from src/config/settings.cc by config_test; UPDATE_GOLDEN=1 writes it anew.\n"
      ".TH SLIPWAY.TOML 5 \"\" slipway \"File Formats\"\n"
      ".SH NAME\nslipway.toml \\- configuration of slipwayd(8)\n"
      ".SH SYNOPSIS\n{}\n"
      ".SH DESCRIPTION\nOne file in TOML. The whole of it may be four lines:\n.PP\n.RS\n.nf\n{}.fi\n.RE\n",
      roff(default_path), roff(minimum));
  for (std::string_view rule : rules) page += fmt::format(".PP\n{}\n", roff_words(rule));
  for (const SectionDoc& section : settings_reference()) {
    page += fmt::format(".SH \"{}\"\n{}\n", roff(section.head), roff_words(section.doc));
    for (const SettingDoc& setting : section.settings) {
      std::string fallback = fallback_of(setting);
      if (!fallback.empty() && !setting.required) fallback = "default: " + fallback;
      page += fmt::format(".TP\n\\fB{}\\fR (\\fI{}\\fR{}{})\n{}\n", roff(setting.name), roff(setting.type),
                          fallback.empty() ? "" : "; ", roff(fallback), roff_words(setting.doc));
    }
  }
  page += ".SH VALUES\n";
  for (const Form& form : forms) page += fmt::format(".TP\n.I {}\n{}\n", form.type, roff_words(form.says));
  page += fmt::format(".SH TYPES OF OPTIONS\n{}\n", roff_words(about_types));
  for (const OptionTypeDoc& each : types) {
    page += fmt::format(".TP\n.B {}\n{}\n", roff(each.type), roff(each.example));
  }
  page += fmt::format(".SH NAMES OF OPTIONS\n{}\n.PP\n", roff_words(about_names));
  for (const wire::OptionInfo& info : named_options()) {
    page += fmt::format("\\fB{}\\fR ({}, {})\n.br\n", roff(info.name), info.code,
                        roff(wire::to_string(info.type)));
  }
  page += ".SH SEE ALSO\n.BR slipway (1),\n.BR slipwayd (8)\n";
  return page;
}

}  // namespace slipway::config
