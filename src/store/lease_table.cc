// SPDX-License-Identifier: MPL-2.0
#include "store/lease_table.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::store {

using lease::Lease;

namespace {

constexpr const char* all_sql =
    "SELECT address, client, mac, client_id, hostname, subnet, granted, expires, state, relay FROM lease"
    " ORDER BY address";
constexpr const char* one_sql =
    "SELECT address, client, mac, client_id, hostname, subnet, granted, expires, state, relay FROM lease"
    " WHERE address = ?1";
constexpr const char* put_sql =
    "REPLACE INTO lease (address, client, mac, client_id, hostname, subnet, granted, expires, state, relay)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
constexpr const char* remove_sql = "DELETE FROM lease WHERE address = ?1";

std::int64_t stored_time(Instant at) {
  return at.time_since_epoch().count();
}

/// A row as a lease; nothing for one this program did not write.
std::optional<Lease> lease_of(const sqlite::Statement& row) {
  auto client = lease::ClientKey::from_stored(row.bytes(1));
  auto subnet = Prefix::parse(row.text(5));
  auto state = lease::state_from(row.text(8));
  ByteView mac = row.bytes(2), client_id = row.bytes(3), relay = row.bytes(9);
  bool address_fits = row.number(0) >= 0 && row.number(0) <= 0xffffffff;
  if (!client || !subnet || !state || mac.size() != 6 || !address_fits) return std::nullopt;

  Lease lease;
  lease.address = {static_cast<std::uint32_t>(row.number(0))};
  lease.client = *client;
  std::copy(mac.begin(), mac.end(), lease.mac.bytes.begin());
  lease.client_id.assign(client_id.begin(), client_id.end());
  lease.relay.assign(relay.begin(), relay.end());
  lease.hostname = row.text(4);
  lease.subnet = *subnet;
  lease.granted = Instant{Duration{row.number(6)}};
  lease.expires = Instant{Duration{row.number(7)}};
  lease.state = *state;
  return lease;
}

}  // namespace

LeaseTable::LeaseTable(sqlite::Database& db)
    : db_(db), all_(db, all_sql), one_(db, one_sql), put_(db, put_sql), remove_(db, remove_sql) {}

Result<std::vector<Lease>, Fault> LeaseTable::all() {
  std::vector<Lease> leases;
  int code = SQLITE_ROW;
  std::optional<Fault> fault;
  while (!fault && (code = all_.step()) == SQLITE_ROW) {
    if (auto lease = lease_of(all_)) {
      leases.push_back(std::move(*lease));
    } else {
      fault = Fault{
          fmt::format("the row with address {} in {} is not one slipwayd wrote", all_.number(0), db_.path()),
          "delete it with sqlite3"};
    }
  }
  if (!fault && code != SQLITE_DONE) fault = db_.fault();
  all_.reset();
  if (fault) return *fault;
  return leases;
}

std::optional<Lease> LeaseTable::at(Ipv4 address) {
  one_.bind(1, std::int64_t{address.value});
  std::optional<Lease> lease;
  if (one_.step() == SQLITE_ROW) lease = lease_of(one_);
  one_.reset();
  return lease;
}

bool LeaseTable::put(const Lease& lease) {
  std::string subnet = lease.subnet.to_string();
  put_.bind(1, std::int64_t{lease.address.value});
  put_.bind(2, lease.client.stored());
  put_.bind(3, lease.mac.bytes);
  put_.bind(4, lease.client_id);
  put_.bind(5, as_bytes(lease.hostname));
  put_.bind(6, std::string_view(subnet));
  put_.bind(7, stored_time(lease.granted));
  put_.bind(8, stored_time(lease.expires));
  put_.bind(9, lease::to_string(lease.state));
  put_.bind(10, lease.relay);
  return put_.run();
}

bool LeaseTable::remove(Ipv4 address) {
  remove_.bind(1, std::int64_t{address.value});
  return remove_.run();
}

}  // namespace slipway::store
