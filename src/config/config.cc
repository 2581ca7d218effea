// SPDX-License-Identifier: MPL-2.0
#include "config/config.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "config/boot_files.h"
#include "config/options.h"
#include "config/section.h"
#include "config/settings.h"
#include "config/toml.h"
#include "model/plan_check.h"

namespace slipway::config {
namespace {

using model::Draft;

constexpr std::string_view sections[] = {"server", "subnet",  "profile", "boot",    "machine", "class",
                                         "group",  "options", "api",     "webhook", "images"};

bool is_subnet_key(std::string_view key) {
  auto keys = subnet_settings();
  return std::any_of(keys.begin(), keys.end(), [&](auto& setting) { return setting.name == key; });
}

/// These readers are true when each of what they read was a table.
template <typename T>
bool read_single(std::string_view name, const Value& value, std::span<const Setting<T>> settings, T& into,
                 Problems& problems) {
  return for_each_table(value, name, problems, [&](const Table& table, const Place& place) {
    into.place = place;
    read_section<T>(fmt::format("[{}]", name), table, place, settings, into, problems);
  });
}

template <typename T>
bool read_repeated(std::string_view name, const Value& value, std::span<const Setting<T>> settings,
                   std::vector<T>& into, Problems& problems) {
  return for_each_table(value, name, problems, [&](const Table& table, const Place& place) {
    T& one = into.emplace_back();
    one.place = place;
    read_section<T>(fmt::format("[[{}]]", name), table, place, settings, one, problems);
  });
}

bool read_profiles(const Value& value, std::vector<model::Profile>& into, Problems& problems) {
  if (!value.table()) {
    report(problems, value.place, "profile wants a name", "write [profile.smartos]");
    return false;
  }
  for (const Entry& entry : *value.table()) {
    model::Profile& profile = into.emplace_back();
    profile.name = entry.key;
    profile.place = entry.place;
    if (!entry.value.table()) {
      report(problems, entry.place, fmt::format("profile '{}' is not a table", entry.key),
             "write [profile.smartos] above its keys");
      profile.unread.insert("image");
      continue;
    }
    std::string section = fmt::format("[profile.{}]", entry.key);
    read_section<model::Profile>(section, *entry.value.table(), entry.place, profile_settings(), profile,
                                 problems);
  }
  return true;
}

/// The keys of the four-line file: those of a subnet, at the top, without a table.
struct Top {
  Table keys;
  bool strange = false;  ///< there is one among them that nobody knows
};

/// The interface of the four-line file is also the server's.
void read_top_subnet(const Top& top, Reading& reading) {
  Draft& draft = reading.draft;
  if (top.keys.empty()) {
    if (top.strange && draft.server.interfaces.empty()) reading.unread.server = true;
    if (top.strange && draft.subnets.empty()) reading.unread.subnets = true;
    return;
  }
  model::Subnet& subnet = draft.subnets.emplace_back();
  subnet.place = top.keys.front().place;
  read_section<model::Subnet>("the file", top.keys, subnet.place, subnet_settings(), subnet,
                              reading.problems);
  if (top.strange) mark_absent(top.keys, subnet_settings(), subnet.unread);
  if (!draft.server.interfaces.empty()) return;
  if (!subnet.interface.empty()) draft.server.interfaces = {subnet.interface};
  if (is_unread(subnet, "interface")) reading.unread.server = true;
}

bool holds_tables(const Value& value) {
  if (!value.array()) return value.table() != nullptr;
  return std::any_of(value.array()->begin(), value.array()->end(),
                     [](const Value& item) { return item.table() != nullptr; });
}

/// What stands under a head that nobody knows may be what seems to be missing elsewhere.
void note_unread(std::optional<std::string_view> section, model::Unread& unread) {
  auto is = [&](std::string_view name) { return !section || *section == name; };
  unread.server |= is("server");
  unread.subnets |= is("subnet");
  unread.profiles |= is("profile");
  unread.classes |= is("class");
  unread.machines |= is("machine");
}

void read_unknown(const Entry& entry, Reading& reading, Top& top) {
  std::vector<std::string_view> known(std::begin(sections), std::end(sections));
  for (auto& setting : subnet_settings()) known.push_back(setting.name);
  auto meant = report_unknown_key("", entry, known, reading.problems);
  bool section = meant && std::find(std::begin(sections), std::end(sections), *meant) != std::end(sections);
  if (section || holds_tables(entry.value)) return note_unread(meant, reading.unread);
  top.strange = true;
}

void read_entry(const Entry& entry, Reading& reading, Top& top) {
  auto& [draft, problems, unread] = reading;
  const Value& value = entry.value;
  bool whole = true;
  if (entry.key == "server") {
    whole = read_single("server", value, server_settings(), draft.server, problems);
  } else if (entry.key == "boot") {
    whole = read_single("boot", value, boot_settings(), draft.boot, problems);
  } else if (entry.key == "images") {
    whole = read_single("images", value, import_settings(), draft.imports, problems);
  } else if (entry.key == "api") {
    whole = read_single("api", value, api_settings(), draft.api, problems);
  } else if (entry.key == "webhook") {
    whole = read_repeated("webhook", value, webhook_settings(), draft.webhooks, problems);
  } else if (entry.key == "subnet") {
    whole = read_repeated("subnet", value, subnet_settings(), draft.subnets, problems);
  } else if (entry.key == "machine") {
    whole = read_repeated("machine", value, machine_settings(), draft.machines, problems);
  } else if (entry.key == "class") {
    whole = read_repeated("class", value, class_settings(), draft.classes, problems);
  } else if (entry.key == "group") {
    whole = read_repeated("group", value, group_settings(), draft.groups, problems);
  } else if (entry.key == "profile") {
    whole = read_profiles(value, draft.profiles, problems);
  } else if (entry.key == "options") {
    read_everyones_options(value, draft.options, problems);
  } else if (is_subnet_key(entry.key)) {
    top.keys.push_back(entry);
  } else {
    read_unknown(entry, reading, top);
  }
  if (!whole) note_unread(entry.key, unread);
}

void name_nameless_machines(Draft& draft) {
  for (model::Machine& machine : draft.machines) {
    auto known_by = model::identifiers_of(machine);
    if (machine.name.empty() && !known_by.empty()) machine.name = known_by.front().value;
  }
}

/// Nothing is called missing that may go by a name, or lie in a network, that could not be read.
void note_unread_names(const Draft& draft, model::Unread& unread) {
  auto any = [](const auto& nouns, auto... keys) {
    return std::any_of(nouns.begin(), nouns.end(), [&](auto& noun) { return is_unread(noun, keys...); });
  };
  unread.server |= is_unread(draft.server, "interfaces");
  unread.subnets |= any(draft.subnets, "network");
  unread.classes |= any(draft.classes, "name");
  unread.machines |= any(draft.machines, "name");
}

void sort_by_place(Problems& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
}

}  // namespace

Reading read_draft(std::string_view text, const std::string& file) {
  ParsedToml parsed = parse_toml(text, file);
  Reading reading;
  reading.problems = std::move(parsed.problems);
  reading.draft.server.place = reading.draft.boot.place = reading.draft.api.place = {file, 0, 0};
  if (!parsed.structure_lost) {
    bool lines_lost = !reading.problems.empty();
    reading.unread = {lines_lost, lines_lost, lines_lost, lines_lost, lines_lost};
    Top top;
    for (const Entry& entry : parsed.root) read_entry(entry, reading, top);
    read_top_subnet(top, reading);
    name_nameless_machines(reading.draft);
    note_unread_names(reading.draft, reading.unread);
  }
  if (!reading.problems.empty() && !parsed.structure_lost) {
    model::Draft readable = reading.draft;
    model::fill_defaults(readable);
    Problems contradictions = model::check(readable, reading.unread);
    reading.problems.insert(reading.problems.end(), contradictions.begin(), contradictions.end());
  }
  sort_by_place(reading.problems);
  return reading;
}

namespace {

Result<std::shared_ptr<const model::Plan>, model::PlanErrors> plan_of(Reading reading,
                                                                      std::vector<model::Image> images) {
  if (reading.problems.empty()) return model::Plan::build(std::move(reading.draft), std::move(images));
  return model::PlanErrors{std::move(reading.problems)};
}

}  // namespace

Result<std::shared_ptr<const model::Plan>, model::PlanErrors> load_text(std::string_view text,
                                                                        const std::string& file,
                                                                        std::vector<model::Image> images) {
  return plan_of(read_draft(text, file), std::move(images));
}

Result<std::shared_ptr<const model::Plan>, model::PlanErrors> load(const std::string& path,
                                                                   std::vector<model::Image> images) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) {
    Problem problem{{path, 0, 0},
                    fmt::format("cannot read the configuration: {}", std::strerror(errno)),
                    fmt::format("name the file with --config, or make {}", default_path)};
    return model::PlanErrors{{problem}};
  }
  Reading reading = read_draft(text, path);
  read_local_files(reading.draft, path);
  return plan_of(std::move(reading), std::move(images));
}

}  // namespace slipway::config
