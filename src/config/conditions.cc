// SPDX-License-Identifier: MPL-2.0
#include "config/conditions.h"

#include <algorithm>

#include "config/options.h"
#include "config/section.h"
#include "config/settings.h"
#include "config/values.h"
#include "wire/dhcp_options.h"

namespace slipway::config {
namespace {

using model::ClassCondition;
using model::Pattern;

/// One value or a list of them.
template <typename Read>
void for_each(const Value& value, Read read) {
  if (!value.array()) return read(value);
  for (const Value& item : *value.array()) read(item);
}

void read_patterns(const Value& value, std::vector<Pattern>& into, Problems& problems) {
  for_each(value, [&](const Value& item) {
    auto text = scalar_text(item);
    auto pattern = text ? Pattern::parse(*text) : std::nullopt;
    if (pattern) return into.push_back(*std::move(pattern));
    report(problems, item.place, text ? "after hex: stand pairs of hexadecimal digits" : "a pattern is text",
           "\"PXEClient:*\", or bytes as \"hex:01:0c:c4:*\"");
  });
}

template <auto Member>
void patterns(const Value& value, ClassCondition& when, Problems& problems) {
  read_patterns(value, when.*Member, problems);
}

void architectures(const Value& value, ClassCondition& when, Problems& problems) {
  for_each(value, [&](const Value& item) {
    if (item.integer() && *item.integer() >= 0 && *item.integer() <= 0xffff) {
      return when.arch.push_back(static_cast<model::Arch>(*item.integer()));
    }
    report(problems, item.place, "arch wants architecture numbers",
           "0 is BIOS, 7 x86-64 UEFI, 16 x86-64 UEFI HTTP");
  });
}

/// Addresses and networks.
void relays(const Value& value, ClassCondition& when, Problems& problems) {
  for_each(value, [&](const Value& item) {
    Prefix network;
    auto address = item.text() ? Ipv4::parse(*item.text()) : std::nullopt;
    if (address) return when.relay.push_back({*address, 32});
    std::size_t before = problems.size();
    read(item, network, problems);
    if (problems.size() == before) when.relay.push_back(network);
  });
}

void interfaces(const Value& value, ClassCondition& when, Problems& problems) {
  read(value, when.interface, problems);
}

void classes(const Value& value, ClassCondition& when, Problems& problems) {
  read(value, when.classes, problems);
}

void known(const Value& value, ClassCondition& when, Problems& problems) {
  read(value, when.known.emplace(), problems);
}

void message_types(const Value& value, ClassCondition& when, Problems& problems) {
  using enum wire::MessageType;
  static constexpr Word<wire::MessageType> words[] = {{"discover", discover}, {"request", request},
                                                      {"decline", decline},   {"release", release},
                                                      {"inform", inform},     {"lease-query", lease_query}};
  for_each(value, [&](const Value& item) {
    wire::MessageType type = discover;
    std::size_t before = problems.size();
    read_word<wire::MessageType>(item, words, type, problems);
    if (problems.size() == before) when.message_types.push_back(static_cast<std::uint8_t>(type));
  });
}

void option_tests(const Value& value, ClassCondition& when, Problems& problems) {
  using Test = ClassCondition::OptionTest;
  if (!value.table()) {
    return report(problems, value.place, "option wants a table", "option = { 175 = \"present\" }");
  }
  for (const Entry& entry : *value.table()) {
    auto code = option_code(entry.key);
    if (!code) {
      report_unknown_option(entry.key, entry.place, problems);
      continue;
    }
    Test test{*code, Test::Kind::fits, {}};
    const std::string* word = entry.value.text();
    if (word && *word == "present") test.kind = Test::Kind::present;
    if (word && *word == "absent") test.kind = Test::Kind::absent;
    if (test.kind == Test::Kind::fits) read_patterns(entry.value, test.patterns, problems);
    when.options.push_back(std::move(test));
  }
}

template <auto Member>
void conditions(const Value& value, ClassCondition& when, Problems& problems) {
  for_each(value, [&](const Value& item) { read_condition(item, (when.*Member).emplace_back(), problems); });
}

}  // namespace

std::span<const Setting<ClassCondition>> condition_settings() {
  static constexpr Setting<ClassCondition> keys[] = {
      {"arch", "number or list", "", "processor architecture (option 93)", architectures},
      {"vendor-class", "pattern or list", "", "option 60", patterns<&ClassCondition::vendor_class>},
      {"user-class", "pattern or list", "", "one of the classes in option 77",
       patterns<&ClassCondition::user_class>},
      {"mac", "pattern or list", "", "for example \"00:80:64:*\"", patterns<&ClassCondition::mac>},
      {"uuid", "pattern or list", "", "as the firmware reports it (option 97)",
       patterns<&ClassCondition::uuid>},
      {"relay-circuit", "pattern or list", "", "circuit id in option 82",
       patterns<&ClassCondition::relay_circuit>},
      {"relay-remote", "pattern or list", "", "remote id in option 82",
       patterns<&ClassCondition::relay_remote>},
      {"relay", "address, network or list", "", "address of the relay (giaddr)", relays},
      {"interface", "string or list", "", "where the packet came in", interfaces},
      {"message", "discover | request | decline | release | inform | lease-query, or list", "",
       "type of the message", message_types},
      {"known", "boolean", "", "whether this file names the machine", known},
      {"class", "class or list", "", "it belongs to one of these, which stand before in the file", classes},
      {"option", "table", "", "options by name or number: \"present\", \"absent\", a pattern or a list",
       option_tests},
      {"any", "list of conditions", "", "one of them must hold", conditions<&ClassCondition::any>},
      {"not", "condition or list", "", "none of them must hold", conditions<&ClassCondition::none>},
  };
  return keys;
}

void read_condition(const Value& value, ClassCondition& into, Problems& problems) {
  if (!value.table()) return report(problems, value.place, "a condition is a table", "when = { arch = [0] }");
  read_section<ClassCondition>("when", *value.table(), value.place, condition_settings(), into, problems);
}

}  // namespace slipway::config
