// SPDX-License-Identifier: MPL-2.0
#include "config/options.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"
#include "config/values.h"
#include "wire/dhcp_options.h"

namespace slipway::config {
namespace {

using wire::OptionInfo;
using wire::OptionType;

/// Options of the exchange itself: what is in them is not the operator's to say.
struct Reserved {
  std::uint8_t code;
  std::string_view remedy;
};
constexpr Reserved reserved[] = {
    {51, "say how long a lease is by lease-time"},
    {53, "it says which message this is"},
    {55, "only clients send it"},
    {61, "it is the client's own, and goes back as it came"},
    {80, "it answers a client that wants its address in one round"},
    {81, "it holds a machine's name and its subnet's domain"},
    {82, "it is the relay's own, and goes back as it came"},
};

/// An answer without these is none (RFC 2131 §4.3.1, RFC 3046 §2.2).
constexpr std::uint8_t indispensable[] = {51, 53, 54, 82};

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

const Value* find(const Table& table, std::string_view key) {
  auto entry = std::find_if(table.begin(), table.end(), [&](const Entry& e) { return e.key == key; });
  return entry == table.end() ? nullptr : &entry->value;
}

/// Scalars and lists of them as the option table's text form: "10.0.0.1, 10.0.0.2".
std::optional<std::string> list_text(const Value& value) {
  if (!value.array()) return scalar_text(value);
  std::vector<std::string> parts;
  for (const Value& item : *value.array()) {
    auto part = scalar_text(item);
    if (!part) return std::nullopt;
    parts.push_back(*part);
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string called(const OptionInfo& info) {
  return info.name.empty() ? fmt::format("option {}", info.code)
                           : fmt::format("option {} ({})", info.name, info.code);
}

class OptionReader {
 public:
  explicit OptionReader(Problems& problems) : problems_(problems) {}

  std::optional<Bytes> read(const OptionInfo& info, const Value& value) {
    const Table* table = value.table();
    if (!table) return from_text(info, value);
    if (const Value* hex = find(*table, "hex")) return from_hex(*table, *hex);
    if (find(*table, "type") || find(*table, "value")) return typed(info, *table, value.place);
    if (info.code == wire::opt::VendorSpecific::code) return by_enterprise(*table);
    if (info.type == OptionType::nested) return sub_options(info.code, *table);
    return fail(value.place, called(info) + " has no sub-options",
                "write its value, { hex = \"0a:0b\" } or { type = \"u16\", value = 7 }");
  }

 private:
  std::nullopt_t fail(const Place& place, std::string what, std::string remedy) {
    report(problems_, place, std::move(what), std::move(remedy));
    return std::nullopt;
  }

  std::optional<Bytes> from_text(const OptionInfo& info, const Value& value) {
    auto text = list_text(value);
    if (!text) {
      return fail(value.place, called(info) + " wants a string, a number, true or false, or a list of these",
                  "");
    }
    constexpr std::string_view hex = "hex:";
    if (text->starts_with(hex) && !wire::hex_bytes(std::string_view(*text).substr(hex.size()))) {
      return fail(value.place, fmt::format("{}: '{}' is not whole bytes", called(info), *text),
                  "after hex: stands an even number of hexadecimal digits, such as \"hex:0abc\"");
    }
    auto bytes = wire::encode_option(info, *text);
    if (!bytes) return fail(value.place, bytes.error().what, bytes.error().remedy);
    return *std::move(bytes);
  }

  /// The one key of its table.
  std::optional<Bytes> from_hex(const Table& table, const Value& hex) {
    for (const Entry& entry : table) {
      if (entry.key != "hex") return fail(entry.place, "beside hex there is no other key", "");
    }
    auto bytes = hex.text() ? wire::hex_bytes(*hex.text()) : std::nullopt;
    if (bytes) return bytes;
    return fail(hex.place, "hex wants pairs of hexadecimal digits", "write for example hex = \"0a:0b\"");
  }

  std::optional<Bytes> typed(const OptionInfo& info, const Table& table, const Place& place) {
    for (const Entry& entry : table) {
      if (entry.key != "type" && entry.key != "value") {
        return fail(entry.place, fmt::format("unknown key '{}' of an option", entry.key),
                    "known are type and value, or hex");
      }
    }
    const Value* type_name = find(table, "type");
    const Value* value = find(table, "value");
    if (!type_name || !value) {
      return fail(place, "an option's table has both type and value", "{ type = \"u16\", value = 7 }");
    }
    std::string_view word = type_name->text() ? std::string_view(*type_name->text()) : "";
    auto type = wire::parse_option_type(word);
    if (!type) {
      report_unknown_word(*type_name, wire::option_type_names(), problems_);
      return std::nullopt;
    }
    if (!info.name.empty() && *type != info.type) {
      return fail(type_name->place,
                  fmt::format("{} is of type {}, not {}", called(info), wire::to_string(info.type), word),
                  "leave the type out, or write its bytes as { hex = \"0a:0b\" }");
    }
    return read({info.code, *type, info.name, info.rfc}, *value);
  }

  std::optional<Bytes> sub_options(std::uint8_t outer, const Table& table) {
    wire::Options options;
    for (const Entry& entry : table) {
      auto info = sub_option(outer, entry);
      if (!info) return std::nullopt;
      auto bytes = read(*info, entry.value);
      if (!bytes) return std::nullopt;
      options.append_raw(info->code, *bytes);
    }
    return wire::encode_suboptions(options);
  }

  /// Low numbers of option 43 mean what each vendor likes; PXE's own (MTFTP) are had by name.
  static bool is_any_vendors(std::uint8_t outer, std::uint8_t code) {
    constexpr std::uint8_t last_of_mtftp = 5;
    return outer == wire::opt::VendorOptions::code && code <= last_of_mtftp;
  }

  std::optional<OptionInfo> sub_option(std::uint8_t outer, const Entry& entry) {
    if (const OptionInfo* known = wire::find_suboption(outer, entry.key)) return *known;
    auto code = number(entry.key);
    if (code && *code >= 1 && *code <= 254) {
      auto small = static_cast<std::uint8_t>(*code);
      const OptionInfo* known = is_any_vendors(outer, small) ? nullptr : wire::find_suboption(outer, small);
      return known ? *known : OptionInfo{small, OptionType::text, "", ""};
    }
    std::vector<std::string_view> names = wire::suboption_names(outer);
    auto near = nearest(entry.key, names);
    return fail(entry.place, fmt::format("option {} has no sub-option '{}'", outer, entry.key),
                near ? fmt::format("did you mean '{}'?", *near) : "use its number, 1 to 254");
  }

  /// RFC 3925 §4: for each enterprise its number, a length, and sub-options.
  std::optional<Bytes> by_enterprise(const Table& table) {
    ByteWriter out;
    for (const Entry& entry : table) {
      auto enterprise = number(entry.key);
      if (!enterprise || !entry.value.table()) {
        return fail(entry.place, "sub-options of option 125 belong to an enterprise number of IANA's",
                    "write for example 125 = { 4491 = { 2 = \"text\" } }");
      }
      auto options = sub_options(wire::opt::VendorSpecific::code, *entry.value.table());
      if (!options) return std::nullopt;
      if (options->size() > std::numeric_limits<std::uint8_t>::max()) {
        return fail(entry.place,
                    fmt::format("the sub-options of enterprise {} are over 255 bytes", *enterprise),
                    "option 125 holds no more of one enterprise");
      }
      out.u32(*enterprise);
      out.u8(static_cast<std::uint8_t>(options->size()));
      out.bytes(*options);
    }
    return std::move(out).take();
  }

  Problems& problems_;
};

/// Codes that the table does not know take text, or bytes as "hex:".
OptionInfo option_info(std::uint8_t code) {
  const OptionInfo* known = wire::find_option(code);
  return known ? *known : OptionInfo{code, OptionType::text, "", ""};
}

void read_option(const Entry& entry, model::OptionLayer& into, Problems& problems) {
  auto code = option_code(entry.key);
  if (!code) return report_unknown_option(entry.key, entry.place, problems);
  OptionInfo info = option_info(*code);
  for (const Reserved& row : reserved) {
    if (row.code == *code) {
      return report(problems, entry.place, called(info) + " is not to be configured",
                    std::string(row.remedy));
    }
  }
  if (into.find(*code)) return report(problems, entry.place, called(info) + " is there twice");
  if (auto bytes = OptionReader(problems).read(info, entry.value)) into.set(*code, *std::move(bytes));
}

void read_codes(const Value& value, std::vector<std::uint8_t>& into, Problems& problems) {
  auto read_one = [&](const Value& item) {
    auto text = scalar_text(item);
    if (!text) return report(problems, item.place, "a list of options wants their names or numbers");
    auto code = option_code(*text);
    if (!code) return report_unknown_option(*text, item.place, problems);
    into.push_back(*code);
  };
  if (!value.array()) return read_one(value);
  for (const Value& item : *value.array()) read_one(item);
}

}  // namespace

bool is_configurable(std::uint8_t code) {
  return std::none_of(std::begin(reserved), std::end(reserved),
                      [&](const Reserved& row) { return row.code == code; });
}

std::optional<std::uint8_t> option_code(const std::string& key) {
  if (auto code = number(key)) {
    return *code >= 1 && *code <= 254 ? std::optional(static_cast<std::uint8_t>(*code)) : std::nullopt;
  }
  const OptionInfo* known = wire::find_option(std::string_view(key));
  return known ? std::optional(known->code) : std::nullopt;
}

void report_unknown_option(const std::string& name, const Place& place, Problems& problems) {
  std::vector<std::string_view> names;
  for (const OptionInfo& info : wire::option_table()) names.push_back(info.name);
  auto near = nearest(name, names);
  report(problems, place, fmt::format("there is no DHCP option '{}'", name),
         near ? fmt::format("did you mean '{}'?", *near) : "use its number, 1 to 254");
}

void read(const Value& value, model::OptionLayer& into, Problems& problems) {
  if (!value.table()) {
    return report(problems, value.place,
                  fmt::format("{} stands where a table of options is wanted", value.kind()),
                  "options = { ntp-servers = [\"10.99.99.1\"] }");
  }
  for (const Entry& entry : *value.table()) read_option(entry, into, problems);
}

void read_everyones_options(const Value& value, model::OptionLayer& into, Problems& problems) {
  if (!value.table()) return read(value, into, problems);
  for (const Entry& entry : *value.table()) {
    if (entry.key == "always-send") {
      read_always_send(entry.value, into, problems);
    } else if (entry.key == "never-send") {
      read_never_send(entry.value, into, problems);
    } else {
      read_option(entry, into, problems);
    }
  }
}

void read_always_send(const Value& value, model::OptionLayer& into, Problems& problems) {
  read_codes(value, into.always_send, problems);
}

void read_never_send(const Value& value, model::OptionLayer& into, Problems& problems) {
  read_codes(value, into.never_send, problems);
  for (std::uint8_t code : indispensable) {
    if (std::erase(into.never_send, code) == 0) continue;
    report(problems, value.place, called(option_info(code)) + " is in every answer",
           "an answer without it is none");
  }
}

}  // namespace slipway::config
