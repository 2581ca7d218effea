// SPDX-License-Identifier: MPL-2.0
// What the API says of addresses: leases, subnets, groups of machines, other servers. See schema.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "base/time.h"

namespace slipway::api {

struct LeaseView {
  std::string address;
  std::string mac;
  std::string client;     ///< what the lease is keyed on
  std::string client_id;  ///< option 61 as sent, in hexadecimal; empty: none
  std::string hostname;
  std::string subnet;
  std::string state;  ///< "active", "expired", "released", "declined"
  Instant granted{}, expires{};
  std::optional<std::string> machine_name;
};
BOOST_DESCRIBE_STRUCT(LeaseView, (),
                      (address, mac, client, client_id, hostname, subnet, state, granted, expires,
                       machine_name))

struct LeaseList {
  std::vector<LeaseView> leases;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(LeaseList, (), (leases, next))

/// One lease of another server, to be taken over as it stands.
struct ForeignLeaseView {
  std::string address;
  std::optional<std::string> mac;
  std::string client_id;  ///< in hexadecimal; empty: none
  std::string hostname;
  std::string standing;  ///< "held", "free", "quarantined"
  Instant since{}, until{};
};
BOOST_DESCRIBE_STRUCT(ForeignLeaseView, (), (address, mac, client_id, hostname, standing, since, until))

struct LeaseImport {
  std::vector<ForeignLeaseView> leases;
};
BOOST_DESCRIBE_STRUCT(LeaseImport, (), (leases))

/// What became of one: "imported", or why not ("held_by_another") and who has what here.
struct LeaseImported {
  std::string address;
  std::string outcome;
  std::string here;
};
BOOST_DESCRIBE_STRUCT(LeaseImported, (), (address, outcome, here))

struct LeaseImportResult {
  std::vector<LeaseImported> leases;  ///< in the order asked
};
BOOST_DESCRIBE_STRUCT(LeaseImportResult, (), (leases))

struct PoolView {
  std::string first, last;
  std::uint64_t size = 0;
  std::uint64_t leased = 0;  ///< held now
  std::string only_class;
};
BOOST_DESCRIBE_STRUCT(PoolView, (), (first, last, size, leased, only_class))

struct SubnetView {
  std::string network;
  std::string mode;       ///< "dhcp", "proxy", "off"
  std::string interface;  ///< as the file says, or else with an address in it; empty: behind a relay
  std::vector<PoolView> pools;
  std::vector<std::string> routers, dns;
  std::string domain;
  std::int64_t lease_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(SubnetView, (), (network, mode, interface, pools, routers, dns, domain, lease_seconds))

struct SubnetList {
  std::vector<SubnetView> subnets;
};
BOOST_DESCRIBE_STRUCT(SubnetList, (), (subnets))

struct GroupView {
  std::string name;
  std::string profile;  ///< empty: as usual
  std::vector<std::string> machines;
};
BOOST_DESCRIBE_STRUCT(GroupView, (), (name, profile, machines))

struct GroupList {
  std::vector<GroupView> groups;
};
BOOST_DESCRIBE_STRUCT(GroupList, (), (groups))

struct ForeignServerView {
  std::string interface;
  std::string address;  ///< its server id
  std::string mac;      ///< of the server, or of the relay it answers by
  bool gives_addresses = false;
  bool yielded_to = false;  ///< our addresses stay here because of it
  std::optional<std::string> offered;
  Instant first_seen{}, last_seen{};
  std::string sentence;
};
BOOST_DESCRIBE_STRUCT(ForeignServerView, (),
                      (interface, address, mac, gives_addresses, yielded_to, offered, first_seen, last_seen,
                       sentence))

}  // namespace slipway::api
