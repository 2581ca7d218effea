// SPDX-License-Identifier: MPL-2.0
#include "config/config.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "config/options.h"
#include "config/section.h"
#include "config/settings.h"
#include "config/toml.h"
#include "model/plan_check.h"

namespace slipway::config {
namespace {

using model::Draft;

constexpr std::string_view sections[] = {"server",  "subnet", "profile", "boot",
                                         "machine", "class",  "group",   "options"};

bool is_subnet_key(std::string_view key) {
  auto keys = subnet_settings();
  return std::any_of(keys.begin(), keys.end(), [&](auto& setting) { return setting.name == key; });
}

template <typename T>
void read_single(std::string_view name, const Value& value, std::span<const Setting<T>> settings, T& into,
                 Problems& problems) {
  for_each_table(value, name, problems, [&](const Table& table, const Place& place) {
    into.place = place;
    read_section<T>(fmt::format("[{}]", name), table, place, settings, into, problems);
  });
}

template <typename T>
void read_repeated(std::string_view name, const Value& value, std::span<const Setting<T>> settings,
                   std::vector<T>& into, Problems& problems) {
  for_each_table(value, name, problems, [&](const Table& table, const Place& place) {
    T one;
    one.place = place;
    if (read_section<T>(fmt::format("[[{}]]", name), table, place, settings, one, problems))
      into.push_back(std::move(one));
  });
}

void read_profiles(const Value& value, std::vector<model::Profile>& into, Problems& problems) {
  if (!value.table()) return report(problems, value.place, "profile wants a name", "write [profile.smartos]");
  for (const Entry& entry : *value.table()) {
    if (!entry.value.table()) {
      report(problems, entry.place, fmt::format("profile '{}' is not a table", entry.key),
             "write [profile.smartos] above its keys");
      continue;
    }
    model::Profile profile;
    profile.name = entry.key;
    profile.place = entry.place;
    std::string section = fmt::format("[profile.{}]", entry.key);
    if (read_section<model::Profile>(section, *entry.value.table(), entry.place, profile_settings(), profile,
                                     problems)) {
      into.push_back(std::move(profile));
    }
  }
}

/// The four-line file: subnet keys at the top, without a table. Its interface is also the server's.
void read_top_subnet(const Table& top, Draft& draft, Problems& problems) {
  if (top.empty()) return;
  model::Subnet subnet;
  subnet.place = top.front().place;
  if (read_section<model::Subnet>("the file", top, subnet.place, subnet_settings(), subnet, problems)) {
    if (draft.server.interfaces.empty() && !subnet.interface.empty())
      draft.server.interfaces = {subnet.interface};
    draft.subnets.push_back(std::move(subnet));
  }
}

void read_entry(const Entry& entry, Draft& draft, Table& top, Problems& problems) {
  const Value& value = entry.value;
  if (entry.key == "server") return read_single("server", value, server_settings(), draft.server, problems);
  if (entry.key == "boot") return read_single("boot", value, boot_settings(), draft.boot, problems);
  if (entry.key == "subnet")
    return read_repeated("subnet", value, subnet_settings(), draft.subnets, problems);
  if (entry.key == "machine")
    return read_repeated("machine", value, machine_settings(), draft.machines, problems);
  if (entry.key == "class") return read_repeated("class", value, class_settings(), draft.classes, problems);
  if (entry.key == "group") return read_repeated("group", value, group_settings(), draft.groups, problems);
  if (entry.key == "options") return read_everyones_options(value, draft.options, problems);
  if (entry.key == "profile") return read_profiles(value, draft.profiles, problems);
  if (is_subnet_key(entry.key)) {
    top.push_back(entry);
    return;
  }
  std::vector<std::string_view> known(std::begin(sections), std::end(sections));
  for (auto& setting : subnet_settings()) known.push_back(setting.name);
  report_unknown_key("", entry, known, problems);
}

void name_nameless_machines(Draft& draft) {
  for (model::Machine& machine : draft.machines) {
    auto known_by = model::identifiers_of(machine);
    if (machine.name.empty() && !known_by.empty()) machine.name = known_by.front().value;
  }
}

/// An entry that could not be read whole may hold what seems to be missing elsewhere. A key unknown at the
/// top may be a mistyped one of the four-line file.
void note_unread(std::string_view key, model::Unread& unread) {
  if (key == "server") unread.server = true;
  if (key == "profile") unread.profiles = true;
  if (key == "class") unread.classes = true;
  if (key == "machine") unread.machines = true;
  if (key == "subnet") unread.subnets = true;
  bool section = std::find(std::begin(sections), std::end(sections), key) != std::end(sections);
  if (!section) {
    unread.server = unread.subnets = unread.profiles = unread.classes = unread.machines = true;
  }
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
  reading.draft.server.place = reading.draft.boot.place = {file, 0, 0};
  if (!parsed.structure_lost) {
    Table top;
    bool lines_lost = !reading.problems.empty();
    model::Unread unread{lines_lost, lines_lost, lines_lost, lines_lost, lines_lost};
    for (const Entry& entry : parsed.root) {
      std::size_t before = reading.problems.size();
      read_entry(entry, reading.draft, top, reading.problems);
      if (reading.problems.size() > before) note_unread(entry.key, unread);
    }
    std::size_t before = reading.problems.size();
    read_top_subnet(top, reading.draft, reading.problems);
    if (reading.problems.size() > before) unread.server = unread.subnets = true;
    name_nameless_machines(reading.draft);
    reading.unread = unread;
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

Result<std::shared_ptr<const model::Plan>, model::PlanErrors> load_text(std::string_view text,
                                                                        const std::string& file,
                                                                        std::vector<model::Image> images) {
  Reading reading = read_draft(text, file);
  if (reading.problems.empty()) return model::Plan::build(std::move(reading.draft), std::move(images));
  return model::PlanErrors{std::move(reading.problems)};
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
  return load_text(text, path, std::move(images));
}

}  // namespace slipway::config
