// SPDX-License-Identifier: MPL-2.0
#include "migrate/foreign_lease.h"

#include <algorithm>
#include <array>

namespace slipway::migrate {
namespace {

struct Row {
  Format format;
  std::string_view name, title;
  LeaseFile (*read)(std::string_view, const std::string&);
};
constexpr std::array<Row, 3> rows{{
    {Format::isc, "isc", "ISC dhcpd", read_isc},
    {Format::kea, "kea", "Kea", read_kea},
    {Format::dnsmasq, "dnsmasq", "dnsmasq", read_dnsmasq},
}};

constexpr std::array<std::string_view, 3> standings{"held", "free", "quarantined"};

const Row& row_of(Format format) {
  return rows[static_cast<std::size_t>(format)];
}

/// The first line that says something.
std::string_view first_line(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::size_t start = line.find_first_not_of(" \t\r");
    if (start != line.npos && line[start] != '#') return line.substr(start);
  }
  return {};
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// Longer than any client can have sent it (RFC 2132 §2: one byte of length). Such a lease is no lease, and
/// must not keep the others of its file from their way to the daemon.
bool is_absurd(const ForeignLease& lease) {
  constexpr std::size_t longest_option = 255;
  return lease.client_id.size() > longest_option || lease.hostname.size() > longest_option;
}

}  // namespace

std::string_view to_string(Format format) {
  return row_of(format).name;
}

std::string_view title(Format format) {
  return row_of(format).title;
}

std::optional<Format> format_named(std::string_view name) {
  auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
  return found == rows.end() ? std::nullopt : std::optional(found->format);
}

std::string_view to_string(Standing standing) {
  return standings[static_cast<std::size_t>(standing)];
}

std::optional<Standing> standing_named(std::string_view name) {
  auto found = std::find(standings.begin(), standings.end(), name);
  return found == standings.end() ? std::nullopt
                                  : std::optional(static_cast<Standing>(found - standings.begin()));
}

std::optional<Format> recognise(std::string_view text) {
  std::string_view line = first_line(text);
  std::string_view word = line.substr(0, line.find_first_of(" \t\r{"));
  constexpr std::string_view isc_words[] = {"lease",       "authoring-byte-order",
                                            "server-duid", "failover",
                                            "host",        "group",
                                            "subgroup",    "class",
                                            "subclass",    "ia-na"};
  if (line.starts_with("address,")) return Format::kea;
  if (is_digits(word) || word == "duid") return Format::dnsmasq;
  if (std::find(std::begin(isc_words), std::end(isc_words), word) != std::end(isc_words)) return Format::isc;
  if (line.empty() && text.find("dhcpd.leases") != text.npos)
    return Format::isc;  // comments alone: no lease yet
  return std::nullopt;
}

LeaseFile read(Format format, std::string_view text, const std::string& file) {
  LeaseFile made = row_of(format).read(text, file);
  std::erase_if(made.leases, [&](const ForeignLease& lease) {
    if (!is_absurd(lease)) return false;
    made.problems.push_back(
        {lease.place, "a client id or a name is longer than an option of DHCP can be", "", Severity::error});
    made.unread.places.push_back(lease.place);
    ++made.unread.entries;
    return true;
  });
  return made;
}

std::vector<ForeignLease> last_of_each(std::vector<ForeignLease> leases) {
  std::stable_sort(leases.begin(), leases.end(),
                   [](const ForeignLease& a, const ForeignLease& b) { return a.address < b.address; });
  std::vector<ForeignLease> last;
  for (ForeignLease& lease : leases) {
    if (!last.empty() && last.back().address == lease.address) {
      last.back() = std::move(lease);
    } else {
      last.push_back(std::move(lease));
    }
  }
  return last;
}

}  // namespace slipway::migrate
