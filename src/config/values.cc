// SPDX-License-Identifier: MPL-2.0
#include "config/values.h"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/hex.h"
#include "base/nearest.h"

namespace slipway::config {
namespace {

void wants(const Value& value, std::string_view wanted, Problems& problems) {
  auto given = scalar_text(value);
  report(problems, value.place,
         given ? fmt::format("'{}' is not {}", *given, wanted)
               : fmt::format("{} stands where {} is wanted", value.kind(), wanted));
}

/// A scalar that parses with `parse`, or a report that `wanted` was wanted.
template <typename Parse, typename T>
void read_parsed(const Value& value, Parse parse, std::string_view wanted, T& into, Problems& problems) {
  auto parsed = value.text() ? parse(*value.text()) : decltype(parse("")){};
  if (parsed) {
    into = *parsed;
  } else {
    wants(value, wanted, problems);
  }
}

/// One value or a list of them, each through `read`.
template <typename T>
void read_list(const Value& value, std::vector<T>& into, Problems& problems) {
  into.clear();
  auto read_one = [&](const Value& item) {
    std::size_t before = problems.size();
    T one{};
    read(item, one, problems);
    if (problems.size() == before) into.push_back(std::move(one));
  };
  if (!value.array()) return read_one(value);
  for (const Value& item : *value.array()) read_one(item);
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  std::int64_t amount = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc{} || amount < 0 || amount > 0xffffffff) return std::nullopt;
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  std::int64_t factor = unit.empty() || unit == "s" ? 1
                        : unit == "m"               ? 60
                        : unit == "h"               ? 3600
                        : unit == "d"               ? 86400
                                                    : 0;
  if (factor == 0 || amount * factor > 0xffffffff) return std::nullopt;  // option 51 has 32 bits
  return std::chrono::seconds{amount * factor};
}

/// "500M", "2.5G", "64k" or a number of bits; thousands, as networks count.
std::optional<std::uint64_t> parse_bit_rate(std::string_view text) {
  constexpr std::uint64_t least = 64'000, most = 1'000'000'000'000;
  std::uint64_t whole = 0, factor = 1, fraction = 0, tenths = 1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error != std::errc{} || whole > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9' && tenths < 1000; tenths *= 10) {
      fraction = fraction * 10 + static_cast<std::uint64_t>(text.front() - '0');
      text.remove_prefix(1);
    }
    if (tenths == 1) return std::nullopt;
  }
  if (text == "k" || text == "K") factor = 1'000;
  if (text == "M") factor = 1'000'000;
  if (text == "G") factor = 1'000'000'000;
  if ((factor == 1) != text.empty() || (factor == 1 && tenths > 1)) return std::nullopt;
  if (whole > most / factor) return std::nullopt;
  std::uint64_t bits = whole * factor + fraction * factor / tenths;
  if (bits < least || bits > most) return std::nullopt;
  return bits;
}

std::optional<model::AddressRange> parse_range(std::string_view text) {
  std::size_t dash = text.find('-');
  auto trim = [](std::string_view part) {
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    return part;
  };
  auto first = Ipv4::parse(trim(text.substr(0, dash)));
  auto last = dash == std::string_view::npos ? first : Ipv4::parse(trim(text.substr(dash + 1)));
  if (!first || !last) return std::nullopt;
  return model::AddressRange{*first, *last};
}

/// Pairs of hexadecimal digits with colons between them, as identifiers are printed everywhere.
bool is_colon_hex(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool colon = i % 3 == 2;
    if (colon != (text[i] == ':') || (!colon && !std::isxdigit(static_cast<unsigned char>(text[i]))))
      return false;
  }
  return text.size() > 2 && text.size() % 3 == 2;
}

/// Identifiers as bytes: never empty.
std::optional<Bytes> parse_identifier(std::string_view text) {
  std::string digits(text);
  if (text.starts_with("hex:")) {
    digits.erase(0, 4);
  } else if (!is_colon_hex(text)) {
    return text.empty() ? std::nullopt : std::optional(Bytes(as_bytes(text).begin(), as_bytes(text).end()));
  }
  std::erase(digits, ':');
  auto bytes = from_hex(digits);
  return bytes && bytes->empty() ? std::nullopt : bytes;
}

constexpr std::string_view range_wanted = "a range such as 10.99.99.210-10.99.99.219";

}  // namespace

void report(Problems& problems, const Place& place, std::string what, std::string remedy) {
  problems.push_back({place, std::move(what), std::move(remedy), Severity::error});
}

std::optional<std::string> scalar_text(const Value& value) {
  if (value.text()) return *value.text();
  if (value.integer()) return fmt::format("{}", *value.integer());
  if (value.boolean()) return *value.boolean() ? "true" : "false";
  return std::nullopt;
}

void report_unknown_word(const Value& value, std::span<const std::string_view> words, Problems& problems) {
  auto given = scalar_text(value);
  auto near = given ? nearest(*given, words) : std::nullopt;
  std::string all = fmt::format("one of {}", fmt::join(words, ", "));
  report(problems, value.place,
         given ? fmt::format("'{}' is not {}", *given, all)
               : fmt::format("{} stands where {} is wanted", value.kind(), all),
         near ? fmt::format("did you mean '{}'?", *near) : "");
}

void read(const Value& value, std::string& into, Problems& problems) {
  if (value.text()) {
    into = *value.text();
  } else {
    report(problems, value.place, fmt::format("{} stands where a string is wanted", value.kind()),
           "put it in quotes");
  }
}

void read(const Value& value, bool& into, Problems& problems) {
  if (!value.boolean()) return wants(value, "true or false", problems);
  into = *value.boolean();
}

void read(const Value& value, std::uint16_t& port, Problems& problems) {
  if (!value.integer() || *value.integer() < 1 || *value.integer() > 65535) {
    return wants(value, "a port, 1 to 65535", problems);
  }
  port = static_cast<std::uint16_t>(*value.integer());
}

void read(const Value& value, std::chrono::seconds& into, Problems& problems) {
  auto text = scalar_text(value);
  auto parsed = text ? parse_duration(*text) : std::nullopt;
  if (!parsed) return wants(value, "a time such as 90, \"30s\", \"12h\" or \"1d\"", problems);
  into = *parsed;
}

void read(const Value& value, std::optional<std::uint64_t>& into, Problems& problems) {
  auto text = scalar_text(value);
  auto parsed = text ? parse_bit_rate(*text) : std::nullopt;
  if (!parsed) return wants(value, "bits per second such as \"500M\" or \"2.5G\", at least 64k", problems);
  into = *parsed;
}

void read(const Value& value, Ipv4& into, Problems& problems) {
  read_parsed(value, Ipv4::parse, "an IPv4 address such as 10.99.99.1", into, problems);
}

void read(const Value& value, std::optional<Ipv4>& into, Problems& problems) {
  read_parsed(value, Ipv4::parse, "an IPv4 address such as 10.99.99.1", into, problems);
}

void read(const Value& value, Prefix& into, Problems& problems) {
  read_parsed(value, Prefix::parse, "a network such as 10.99.99.0/24, without host bits", into, problems);
}

void read(const Value& value, std::optional<Uuid>& into, Problems& problems) {
  read_parsed(value, Uuid::parse, "a UUID such as 564d7f5c-8f05-4a7e-9a10-0cc47aabcdef", into, problems);
}

void read(const Value& value, Bytes& into, Problems& problems) {
  read_parsed(value, parse_identifier,
              "text, or bytes such as \"01:0c:c4:7a:ab:cd:ef\" or \"hex:010cc47aabcdef\"", into, problems);
}

void read(const Value& value, std::optional<std::chrono::seconds>& into, Problems& problems) {
  std::size_t before = problems.size();
  std::chrono::seconds time{};
  read(value, time, problems);
  if (problems.size() == before) into = time;
}

void read(const Value& value, model::AddressRange& into, Problems& problems) {
  read_parsed(value, parse_range, range_wanted, into, problems);
}

void read(const Value& value, MacAddress& into, Problems& problems) {
  read_parsed(value, MacAddress::parse, "a MAC address such as 0c:c4:7a:ab:cd:ef", into, problems);
}

void read(const Value& value, std::vector<std::string>& into, Problems& problems) {
  read_list(value, into, problems);
}
void read(const Value& value, std::vector<Ipv4>& into, Problems& problems) {
  read_list(value, into, problems);
}
void read(const Value& value, std::vector<MacAddress>& into, Problems& problems) {
  read_list(value, into, problems);
}
/// An address alone is a network of one host.
void read(const Value& value, std::vector<Prefix>& into, Problems& problems) {
  auto read_one = [&](const Value& item) {
    auto host = item.text() ? Ipv4::parse(*item.text()) : std::nullopt;
    Prefix network;
    std::size_t before = problems.size();
    host ? void(network = {*host, 32}) : read(item, network, problems);
    if (problems.size() == before) into.push_back(network);
  };
  if (!value.array()) return read_one(value);
  for (const Value& item : *value.array()) read_one(item);
}
void read(const Value& value, std::vector<model::AddressRange>& into, Problems& problems) {
  read_list(value, into, problems);
}

void read(const Value& value, model::Properties& into, Problems& problems) {
  if (!value.table()) return wants(value, "a table such as { smartos = true }", problems);
  for (const Entry& entry : *value.table()) {
    if (auto text = scalar_text(entry.value)) {
      into.push_back({entry.key, *text, entry.place});
    } else {
      wants(entry.value, "a string, a number, true or false", problems);
    }
  }
}

void read_ranges(const Value& value, const model::Pool& like, std::vector<model::Pool>& into,
                 Problems& problems) {
  auto read_one = [&](const Value& item) {
    model::Pool pool = like;
    pool.place = item.place;
    std::size_t before = problems.size();
    read(item, pool.range, problems);
    if (problems.size() == before) into.push_back(std::move(pool));
  };
  if (!value.array()) return read_one(value);
  for (const Value& item : *value.array()) read_one(item);
}

}  // namespace slipway::config
