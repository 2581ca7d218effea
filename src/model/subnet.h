// SPDX-License-Identifier: MPL-2.0
// Subnets, pools, options and classes as the operator declares them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/problem.h"
#include "model/boot_files.h"
#include "model/class_condition.h"
#include "model/client.h"
#include "model/option_layer.h"

namespace slipway::model {

enum class SubnetMode { dhcp, proxy, off };
enum class Identify { mac, client_id };
enum class Allocation { ascending, hashed };
/// Where answers to a relayed packet go: giaddr, or the address the datagram came from.
enum class ReplyTo { relay, source };
/// What a foreign DHCP server on the segment means: give no addresses beside it, or take no notice.
enum class OtherServers { yield, ignore };

struct AddressRange {
  Ipv4 first, last;  ///< both included
  bool contains(Ipv4 address) const { return first <= address && address <= last; }
  std::uint64_t size() const { return std::uint64_t{last.value} - first.value + 1; }
};

/// A stretch of addresses to give out, to everyone or to members of one class.
struct Pool {
  enum class Protocol { any, dhcp, bootp };
  AddressRange range;
  std::string only_class;  ///< empty: for everyone
  Place place;
  Protocol protocol = Protocol::any;
  OptionLayer options{};
};

struct Subnet {
  Prefix network;
  SubnetMode mode = SubnetMode::dhcp;
  std::string interface;       ///< empty: the server interface that has an address in `network`
  std::string shared_network;  ///< subnets of the same name lie on one wire
  std::vector<Ipv4> relays;    ///< giaddr values that mean this subnet besides those within it
  std::vector<Pool> pools;
  std::vector<AddressRange> excluded;  ///< never given out, whatever the pools say
  std::vector<Ipv4> routers;           ///< option 3
  std::vector<Ipv4> dns;               ///< option 6
  std::string domain;                  ///< option 15
  std::chrono::seconds lease_time{12 * 3600};
  std::optional<std::chrono::seconds> renew_time, rebind_time;  ///< T1, T2; absent: 1/2 and 7/8
  Allocation allocate = Allocation::ascending;
  bool bootp = false;         ///< BOOTP clients get addresses, for ever (RFC 1534)
  bool rapid_commit = false;  ///< a DISCOVER that asks for it is answered with an ACK (RFC 4039)
  ReplyTo reply_to = ReplyTo::relay;
  bool probe = true;  ///< a new address is asked for on the wire before it is offered
  OtherServers other_servers = OtherServers::yield;
  std::optional<std::uint64_t> bandwidth;  ///< bits per second of boot files into it; absent: no limit
  bool no_ipv6_router = false;             ///< router solicitations are answered: there is none here
  Identify identify = Identify::mac;
  bool authoritative = true;
  std::optional<Ipv4> next_server;  ///< absent: our own address on that interface
  OptionLayer options;
  Place place;    ///< where its table begins
  Places places;  ///< and each key's value
  UnreadKeys unread;
};

/// Machines that have something in common: named ones, those that meet a condition, or both.
struct Group {
  std::string name;
  std::vector<std::string> machines;
  std::optional<ClassCondition> when;
  std::string profile;    ///< of the named machines that have none of their own; empty: as usual
  BootFiles boot_files;   ///< of the named machines
  std::string boot_file;  ///< as of BootClass
  std::optional<Ipv4> next_server;
  OptionLayer options;
  Place place;    ///< where its table begins
  Places places;  ///< and each key's value
  UnreadKeys unread;
};

/// What built-in knowledge of firmware does not cover, said by the operator. Of several that fit, each
/// thing is taken from the first that says it.
struct BootClass {
  std::string name;
  std::optional<ClassCondition> when;  ///< absent: only machines that name it belong to it
  bool answer = true;                  ///< false: its members are not answered at all
  std::string boot_file;               ///< a served name or a URL; empty: as usual
  std::optional<Ipv4> next_server;
  OptionLayer options;
  Place place;    ///< where its table begins
  Places places;  ///< and each key's value
  UnreadKeys unread;
};

}  // namespace slipway::model
