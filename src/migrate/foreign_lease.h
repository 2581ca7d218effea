// SPDX-License-Identifier: MPL-2.0
// Leases that another DHCP server wrote down, as values: what its file says of each address, and nothing
// about whether this server would say the same. Text in, leases and problems out; no reader here throws,
// whatever the text. Pure. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/problem.h"
#include "base/time.h"

namespace slipway::migrate {

enum class Format { isc, kea, dnsmasq };
std::string_view to_string(Format format);  ///< "isc", as the command line takes it
std::string_view title(Format format);      ///< "ISC dhcpd", for a person
std::optional<Format> format_named(std::string_view name);

/// How the server that wrote it saw the address.
enum class Standing {
  held,         ///< a client's until `until`
  free,         ///< given back, expired or never given
  quarantined,  ///< declined: somebody unknown uses it
};

std::string_view to_string(Standing standing);  ///< "held"
std::optional<Standing> standing_named(std::string_view name);

struct ForeignLease {
  Ipv4 address;
  std::optional<MacAddress> mac;
  Bytes client_id;  ///< option 61; empty: none
  std::string hostname;
  Instant since{};  ///< the client's last transaction; the epoch where the file does not say
  Instant until{};  ///< lease::forever where it has no end
  Standing standing = Standing::held;
  Place place;
};

/// Entries that could not be read: how many, and where the first of them stand.
struct UnreadEntries {
  std::size_t entries = 0;
  std::vector<Place> places;
};

struct LeaseFile {
  std::vector<ForeignLease> leases;  ///< in the order written; of one address the last counts
  Problems problems;                 ///< bounded in number
  UnreadEntries unread;              ///< each of them is an error among the problems
};

/// By the beginning of the text; nothing when it is none of them.
std::optional<Format> recognise(std::string_view text);

LeaseFile read_isc(std::string_view text, const std::string& file);
LeaseFile read_kea(std::string_view text, const std::string& file);
LeaseFile read_dnsmasq(std::string_view text, const std::string& file);
LeaseFile read(Format format, std::string_view text, const std::string& file);

/// One lease per address: the last that was written. In ascending order of address.
std::vector<ForeignLease> last_of_each(std::vector<ForeignLease> leases);

}  // namespace slipway::migrate
