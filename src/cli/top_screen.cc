// SPDX-License-Identifier: MPL-2.0
#include "cli/top_screen.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/printable.h"
#include "base/quantity.h"

namespace slipway::cli {
namespace {

constexpr std::size_t head_rows = 4, foot_rows = 3;
constexpr std::size_t most_stands = 6;

struct Group {
  std::string_view name;
  std::string Colours::*colour;
};
constexpr std::array<Group, standing_count> groups{{
    {"in trouble", &Colours::bad},
    {"on their way", &Colours::busy},
    {"delivered", &Colours::good},
    {"booted", &Colours::good},
    {"idle", &Colours::dim},
}};

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

/// The first so many characters of UTF-8.
std::string cut(std::string_view text, std::size_t most) {
  std::size_t seen = 0, end = 0;
  for (; end < text.size(); ++end) {
    if (begins_character(text[end]) && seen++ == most) break;
  }
  return std::string(text.substr(0, end));
}

/// Cut or filled up to this width.
std::string cell(std::string_view text, std::size_t width) {
  std::string out = cut(text, width);
  return out + std::string(width - characters(out), ' ');
}

/// Over several lines, at blanks where it can be.
std::vector<std::string> wrapped(std::string text, std::size_t width, std::size_t most) {
  std::vector<std::string> out;
  while (!text.empty() && out.size() < most) {
    std::string line = cut(text, width);
    if (line.size() < text.size()) {
      auto blank = line.rfind(' ');
      if (blank != std::string::npos && blank > 0) line.resize(blank);
    }
    text.erase(0,
               std::min(text.size(), line.size() + (line.size() < text.size() && text[line.size()] == ' ')));
    out.push_back(std::move(line));
  }
  out.resize(most);
  return out;
}

std::string name_of(const api::MachineView& machine) {
  return without_controls(machine.name.value_or(machine.machine.empty() ? "-" : machine.machine));
}

std::string ago(const api::MachineView& machine, Instant now) {
  return machine.last_seen ? human_duration(now - *machine.last_seen) : "";
}

std::string clock_of(Instant at) {
  return fmt::format("{:%H:%M:%S}", fmt::localtime(static_cast<std::time_t>(unix_seconds(at))));
}

struct Widths {
  std::size_t name, address = 15, stands, diagnosis = 26, seen = 13, image;
  explicit Widths(std::size_t columns) {
    name = columns >= 100 ? 22 : 18;
    stands = 24;
    std::size_t fixed = name + address + stands + diagnosis + seen + 5;
    image = columns > fixed ? columns - fixed : 0;
  }
};

}  // namespace

Standing standing_of(const api::MachineView& machine) {
  if (machine.failed) return Standing::trouble;
  if (!machine.verdict) return Standing::idle;
  if (*machine.verdict == "in_progress") return Standing::on_its_way;
  return *machine.verdict == "handed_over" ? Standing::delivered : Standing::booted;
}

void TopScreen::sort() {
  auto before = [](const api::MachineView& a, const api::MachineView& b) {
    Standing of_a = standing_of(a), of_b = standing_of(b);
    if (of_a != of_b) return of_a < of_b;
    bool by_time = of_a == Standing::trouble || of_a == Standing::on_its_way;
    if (by_time && a.last_seen != b.last_seen) return a.last_seen > b.last_seen;
    return name_of(a) < name_of(b);
  };
  std::sort(machines.begin(), machines.end(), before);
}

std::size_t TopScreen::shown() const {
  if (!only_trouble) return machines.size();
  auto calm = [](const api::MachineView& machine) { return standing_of(machine) != Standing::trouble; };
  return static_cast<std::size_t>(std::find_if(machines.begin(), machines.end(), calm) - machines.begin());
}

std::size_t TopScreen::list_rows(std::size_t rows) {
  return rows > head_rows + foot_rows ? rows - head_rows - foot_rows : 1;
}

void TopScreen::move(std::ptrdiff_t lines, std::size_t rows) {
  auto last = static_cast<std::ptrdiff_t>(shown()) - 1;
  auto wanted = static_cast<std::ptrdiff_t>(chosen) + lines;
  chosen = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, std::min(wanted, last)));
  std::size_t fits = list_rows(rows);
  if (chosen < first) first = chosen;
  if (chosen >= first + fits) first = chosen - fits + 1;
  if (first + fits > shown()) first = shown() > fits ? shown() - fits : 0;
}

std::vector<std::string> TopScreen::lines(std::size_t rows, std::size_t columns,
                                          const Colours& colour) const {
  std::array<std::size_t, standing_count> counts{};
  std::map<std::string, std::size_t> under_way;
  for (const api::MachineView& machine : machines) {
    Standing standing = standing_of(machine);
    ++counts[static_cast<std::size_t>(standing)];
    if (standing == Standing::on_its_way) ++under_way[machine.stands];
  }
  std::vector<std::string> out;
  auto add = [&](const std::string& text, const std::string& begin = {}) {
    out.push_back(begin + cut(text, columns) + (begin.empty() ? "" : colour.off));
  };

  std::string title = fmt::format("slipway top  {}  machines: {}  leases: {}  images: {}",
                                  clock_of(status.now), machines.size(), status.leases, status.images);
  if (!status.foreign_servers.empty())
    title += fmt::format("  other DHCP servers: {}", status.foreign_servers.size());
  if (fault.empty()) {
    add(title, colour.strong);
  } else {
    add(title + "  NOT ANSWERING: " + fault, colour.bad);
  }
  std::string tally;
  for (std::size_t i = 0; i < standing_count; ++i)
    tally += fmt::format("{} {}   ", counts[i], groups[i].name);
  add(tally);
  std::vector<std::pair<std::size_t, std::string>> stands;
  for (const auto& [words, count] : under_way) stands.emplace_back(count, words);
  std::sort(stands.rbegin(), stands.rend());
  std::string stages;
  for (std::size_t i = 0; i < std::min(stands.size(), most_stands); ++i)
    stages += fmt::format("{} {}   ", stands[i].first, without_controls(stands[i].second));
  add(stages, colour.busy);

  Widths width(columns);
  auto row = [&](std::string_view name, std::string_view address, std::string_view stand,
                 std::string_view diagnosis, std::string_view seen, std::string_view image) {
    return cell(name, width.name) + ' ' + cell(address, width.address) + ' ' + cell(stand, width.stands) +
           ' ' + cell(diagnosis, width.diagnosis) + ' ' + cell(seen, width.seen) + ' ' +
           cell(image, width.image);
  };
  add(row("MACHINE", "ADDRESS", "STANDS", "DIAGNOSIS", "HEARD AGO", "RUNNING"), colour.dim);

  std::size_t fits = list_rows(rows), all = shown();
  for (std::size_t i = first; i < std::min(all, first + fits); ++i) {
    const api::MachineView& machine = machines[i];
    std::string text = row(name_of(machine), machine.address.value_or(machine.reserved_address.value_or("")),
                           without_controls(machine.stands), machine.diagnosis.value_or(""),
                           ago(machine, status.now), machine.running.value_or(""));
    bool is_chosen = i == chosen && !colour.off.empty();
    const Group& group = groups[static_cast<std::size_t>(standing_of(machine))];
    add(text, is_chosen ? "\x1b[7m" : colour.*group.colour);
  }
  while (out.size() < head_rows + fits) out.emplace_back();
  std::string told = chosen < all ? without_controls(machines[chosen].sentence) : "";
  for (std::string& line : wrapped(told, columns, foot_rows - 1)) out.push_back(std::move(line));
  // A narrow terminal cuts the keys, not where one is.
  std::string where = all == 0 ? "" : fmt::format("{} of {}  ", chosen + 1, all);
  add(fmt::format("{}q quit  t {}  arrows, page keys: move", where, only_trouble ? "all" : "only trouble"),
      colour.dim);
  out.resize(std::min(out.size(), rows));
  return out;
}

}  // namespace slipway::cli
