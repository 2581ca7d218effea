// SPDX-License-Identifier: MPL-2.0
// One table of the file against one table of settings: known keys are read, unknown ones reported with
// the nearest known one, missing required ones named.
#pragma once

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.h"
#include "config/dhcpd_words.h"
#include "config/settings.h"
#include "config/values.h"

namespace slipway::config {

/// The key that seems to be meant.
inline std::optional<std::string_view> report_unknown_key(std::string_view section, const Entry& entry,
                                                          std::span<const std::string_view> known,
                                                          Problems& problems) {
  if (auto ours = our_word_for(entry.key)) {
    report(problems, entry.place, fmt::format("unknown key '{}'", entry.key),
           fmt::format("here it is called '{}'", *ours));
    return ours;
  }
  auto near = nearest(entry.key, known);
  std::string where = section.empty() ? "" : fmt::format(" in {}", section);
  report(
      problems, entry.place, fmt::format("unknown key '{}'{}", entry.key, where),
      near ? fmt::format("did you mean '{}'?", *near) : fmt::format("known are {}", fmt::join(known, ", ")));
  return near;
}

/// A key that nobody knows may stand for any that is absent, whichever is the nearest.
template <typename T>
void mark_absent(const Table& table, std::span<const Setting<T>> settings, UnreadKeys& unread) {
  for (const Setting<T>& setting : settings) {
    bool there =
        std::any_of(table.begin(), table.end(), [&](const Entry& e) { return e.key == setting.name; });
    if (!there) unread.emplace(setting.name);
  }
}

/// The keys that could not be read are remembered where the noun has a place for them.
template <typename T>
void read_section(std::string_view section, const Table& table, const Place& place,
                  std::span<const Setting<T>> settings, T& into, Problems& problems) {
  UnreadKeys unread;
  for (const Entry& entry : table) {
    auto known = std::find_if(settings.begin(), settings.end(), [&](auto& s) { return s.name == entry.key; });
    if (known != settings.end()) {
      std::size_t before = problems.size();
      known->read(entry.value, into, problems);
      if (problems.size() > before) unread.insert(entry.key);
      if constexpr (requires { into.places; }) into.places[entry.key] = entry.value.place;
      continue;
    }
    std::vector<std::string_view> names;
    for (const Setting<T>& setting : settings) names.push_back(setting.name);
    report_unknown_key(section, entry, names, problems);
    mark_absent(table, settings, unread);
  }
  for (const Setting<T>& setting : settings) {
    bool there =
        std::any_of(table.begin(), table.end(), [&](const Entry& e) { return e.key == setting.name; });
    if (setting.required && !there) {
      unread.emplace(setting.name);
      report(problems, place, fmt::format("{} lacks '{}'", section, setting.name),
             fmt::format("{}: {}", setting.name, setting.doc));
    }
  }
  if constexpr (requires { into.unread; }) into.unread.merge(unread);
}

/// `value` is a table or a list of tables; anything else is reported. True when there was nothing else.
template <typename Visit>
bool for_each_table(const Value& value, std::string_view section, Problems& problems, Visit visit) {
  bool all = true;
  auto one = [&](const Value& item) {
    if (item.table()) {
      visit(*item.table(), item.place);
    } else {
      all = false;
      report(problems, item.place, fmt::format("{} stands where a table is wanted", item.kind()),
             fmt::format("write [[{}]] on a line of its own", section));
    }
  };
  if (!value.array()) {
    one(value);
    return all;
  }
  for (const Value& item : *value.array()) one(item);
  return all;
}

}  // namespace slipway::config
