// SPDX-License-Identifier: MPL-2.0
// kea-leases4.csv of Kea's memfile backend: a header names the columns, every change appends a row, the last
// row of an address counts, and a lifetime of 0 takes the lease away. Commas and control characters in
// texts are "&#x2c" (Kea, src/lib/util/csv_file.cc).
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/printable.h"
#include "lease/lease.h"
#include "migrate/findings.h"
#include "migrate/foreign_lease.h"

namespace slipway::migrate {
namespace {

using Fields = std::vector<std::string_view>;

Fields fields_of(std::string_view line) {
  Fields fields;
  for (;;) {
    std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == line.npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::string unescaped(std::string_view text) {
  constexpr std::string_view mark = "&#x";
  std::string plain;
  while (!text.empty()) {
    auto byte = text.starts_with(mark) && text.size() >= mark.size() + 2
                    ? from_hex(text.substr(mark.size(), 2))
                    : std::nullopt;
    plain += byte ? static_cast<char>(byte->front()) : text.front();
    text.remove_prefix(byte ? mark.size() + 2 : 1);
  }
  return plain;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "01:52:54:00" or nothing.
std::optional<Bytes> bytes_of(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (c != ':') digits += c;
  }
  return from_hex(digits);
}

class KeaReader {
 public:
  explicit KeaReader(const std::string& file) : findings_(file) {}

  LeaseFile read(std::string_view text) {
    while (!text.empty()) {
      std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++line_;
      if (line.find_first_not_of(" \t") == line.npos) continue;
      if (line.starts_with("address,")) {
        head(line);
      } else if (columns_.empty()) {
        findings_.add_unread(line_, "the line with the names of the columns is missing");
        break;
      } else if (auto lease = row(fields_of(line))) {
        read_.leases.push_back(std::move(*lease));
      }
    }
    std::move(findings_).put_into(read_);
    return std::move(read_);
  }

 private:
  void head(std::string_view line) {
    columns_.clear();
    Fields names = fields_of(line);
    for (std::size_t i = 0; i < names.size(); ++i) columns_.emplace(names[i], i);
    if (columns_.count("duid")) findings_.add(line_, "these are leases of DHCPv6");
  }

  /// A column that this file does not have is empty.
  std::string_view field(const Fields& fields, std::string_view name) const {
    auto column = columns_.find(name);
    return column == columns_.end() || column->second >= fields.size() ? std::string_view()
                                                                       : fields[column->second];
  }

  std::optional<ForeignLease> wrong(std::string_view what, std::string_view text) {
    findings_.add_unread(line_, fmt::format("'{}' is no {}", printable(text), what));
    return std::nullopt;
  }

  std::optional<ForeignLease> row(const Fields& fields) {
    ForeignLease lease;
    lease.place = {findings_.file(), line_, 1};
    auto address = Ipv4::parse(field(fields, "address"));
    if (!address) return wrong("IPv4 address", field(fields, "address"));
    auto lifetime = number_of(field(fields, "valid_lifetime"));
    if (!lifetime || *lifetime > infinite) return wrong("lifetime", field(fields, "valid_lifetime"));
    auto expire = number_of(field(fields, "expire"));
    if (!expire || *expire > last_second) return wrong("time", field(fields, "expire"));
    std::string_view state = field(fields, "state");
    auto standing = standing_of(state.empty() ? "0" : state);
    if (!standing) return wrong("state", state);
    auto client_id = bytes_of(field(fields, "client_id"));
    if (!client_id) return wrong("client id", field(fields, "client_id"));

    lease.address = *address;
    lease.mac = MacAddress::parse(field(fields, "hwaddr"));
    lease.client_id = std::move(*client_id);
    lease.hostname = unescaped(field(fields, "hostname"));
    lease.since = from_unix_seconds(*expire - *lifetime);
    lease.until = *lifetime == infinite ? lease::forever : from_unix_seconds(*expire);
    lease.standing = *lifetime == 0 ? Standing::free : *standing;
    return lease;
  }

  /// Kea, src/lib/dhcpsrv/lease.h: default, declined, expired-reclaimed, released, registered.
  static std::optional<Standing> standing_of(std::string_view state) {
    if (state == "0" || state == "4") return Standing::held;
    if (state == "1") return Standing::quarantined;
    if (state == "2" || state == "3") return Standing::free;
    return std::nullopt;
  }

  static constexpr std::int64_t infinite = 0xffffffff;
  static constexpr std::int64_t last_second = 253402300799;  // 9999-12-31

  Findings findings_;
  LeaseFile read_;
  std::map<std::string_view, std::size_t> columns_;
  int line_ = 0;
};

}  // namespace

LeaseFile read_kea(std::string_view text, const std::string& file) {
  return KeaReader(file).read(text);
}

}  // namespace slipway::migrate
