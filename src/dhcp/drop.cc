// SPDX-License-Identifier: MPL-2.0
#include "dhcp/drop.h"

#include <array>

namespace slipway::dhcp {
namespace {

struct Words {
  Drop why;
  std::string_view name, sentence, remedy;
};

// In the order of the enum; the test holds them together.
constexpr std::array<Words, drop_count> words{{
    {Drop::too_short, "too_short", "the packet is shorter than a DHCP header",
     "look at the sender: `slipway decode` shows what it sent"},
    {Drop::too_long, "too_long", "the packet is longer than any DHCP message",
     "look at the sender: `slipway decode` shows what it sent"},
    {Drop::bad_op, "bad_op", "the packet is neither a request nor a reply",
     "look at the sender: `slipway decode` shows what it sent"},
    {Drop::bad_hlen, "bad_hlen", "the hardware address length is over 16",
     "look at the sender: `slipway decode` shows what it sent"},
    {Drop::wrong_cookie, "wrong_cookie", "the options do not begin with the DHCP cookie",
     "look at the sender: `slipway decode` shows what it sent"},
    {Drop::option_past_end, "option_past_end", "an option runs past the end of the packet",
     "look at the sender: `slipway decode` shows what it sent"},
    {Drop::bad_overload, "bad_overload", "option 52 has a value other than 1, 2 or 3",
     "look at the sender: `slipway decode` shows what it sent"},
    {Drop::reply_packet, "reply_packet", "it is the answer of some server",
     "nothing, unless this server is meant to be the only one"},
    {Drop::own_packet, "own_packet", "it names this server as its relay, so an answer would come back here",
     "give the relay an address of its own"},
    {Drop::bad_address, "bad_address", "it comes from an address that no host can have",
     "look for who makes up packets, or for a broken relay"},
    {Drop::bad_mac, "bad_mac",
     "its hardware address is none that a machine can have, and it has no client id",
     "let the client send a client id (option 61)"},
    {Drop::bad_message_type, "bad_message_type", "its message type is not one that a client sends",
     "nothing: it is not a client's question"},
    {Drop::bootp_not_allowed, "bootp_not_allowed",
     "BOOTP clients are served only where the subnet has bootp = true",
     "set bootp = true in the [[subnet]], or let the machine use DHCP"},
    {Drop::lease_query_not_allowed, "lease_query_not_allowed",
     "it asks for leases from where server.lease-query lets nobody ask",
     "add its network to [server] lease-query where it may ask"},
    {Drop::malformed_request, "malformed_request", "an option that this message needs is missing or broken",
     "look at the client: `slipway decode` shows what it sent"},
    {Drop::no_subnet, "no_subnet", "no [[subnet]] is for the place it came from",
     "write a [[subnet]] with this network, relay or interface"},
    {Drop::no_server_address, "no_server_address", "the interface has no IPv4 address to answer from",
     "give the interface an IPv4 address"},
    {Drop::subnet_off, "subnet_off", "the subnet has mode = \"off\"",
     "set mode = \"dhcp\" or \"proxy\" where machines are to be served"},
    {Drop::not_for_us, "not_for_us", "it is for another DHCP server",
     "nothing, or stop the other server where this one is meant"},
    {Drop::no_pxe_client, "no_pxe_client", "the subnet is for boot clients only (mode = \"proxy\")",
     "nothing, or set mode = \"dhcp\" where this server is to give addresses"},
    {Drop::proxy_gives_no_address, "proxy_gives_no_address",
     "another server gives addresses here (mode = \"proxy\")",
     "nothing, or set mode = \"dhcp\" where this server is to give addresses"},
    {Drop::foreign_server, "foreign_server",
     "another DHCP server gives addresses on its segment (other-servers = \"yield\")",
     "stop the other server, or set mode = \"proxy\", or other-servers = \"ignore\""},
    {Drop::looking_for_servers, "looking_for_servers",
     "it is being found out whether another DHCP server is there, and too many wait for that",
     "nothing: the client asks again in a moment"},
    {Drop::own_question, "own_question", "it is this server's own question for other servers",
     "nothing: it is no client's"},
    {Drop::unknown_policy_ignore, "unknown_policy_ignore",
     "the machine is not in the configuration, and unknown = \"ignore\"",
     "write a [[machine]] with its address, or another [boot] unknown"},
    {Drop::class_not_answered, "class_not_answered", "it belongs to a class with answer = false",
     "nothing, unless the [[class]] means others"},
    {Drop::no_pool, "no_pool", "no pool of the subnet is for this client",
     "give the subnet a pool that this client's classes may use"},
    {Drop::pool_exhausted, "pool_exhausted", "every address of the pool is taken",
     "make the pool larger, or the lease time shorter"},
    {Drop::declined_too_many, "declined_too_many", "it declined eight addresses within an hour",
     "look for a host on its wire that answers ARP for every address; `slipway lease list --state declined` "
     "shows them"},
    {Drop::address_not_ours, "address_not_ours", "it asks for an address that is in no pool",
     "make the pool larger, or reserve the address for it"},
    {Drop::unknown_lease, "unknown_lease", "it asks for a lease that is not known here",
     "set authoritative = true where no other server gives addresses"},
    {Drop::nothing_to_release, "nothing_to_release", "it gives back a lease that it does not hold",
     "nothing: the lease is not its own"},
    {Drop::inform_without_address, "inform_without_address", "it asks for options but names no address",
     "nothing: the client has to say its address"},
    {Drop::claim_in_flight, "claim_in_flight", "another address for this client is being written",
     "nothing: the client asks again in a moment"},
    {Drop::address_taken, "address_taken", "another client was quicker to get the address chosen for it",
     "nothing: the client asks again and gets another"},
    {Drop::just_granted, "just_granted",
     "it got an address a moment ago that the configuration gives it no longer",
     "nothing: if it asks again in ten seconds, it gets another"},
    {Drop::no_boot_file, "no_boot_file", "there is nothing to boot for it",
     "let a [[class]] name a boot-file for it"},
    {Drop::superseded, "superseded", "a newer DISCOVER of this client took its place while it waited",
     "nothing: the newer one is answered"},
    {Drop::stale_discover, "stale_discover", "too much waits, and of the DISCOVERs this was the oldest",
     "nothing: the client asks again in a moment"},
    {Drop::client_over_share, "client_over_share", "too many packets of this client wait already",
     "look at the client: it asks more often than any client should"},
    {Drop::intake_full, "intake_full", "too much waits that is more urgent",
     "nothing: the client asks again in a moment"},
    {Drop::claim_queue_full, "claim_queue_full", "too many leases wait to be written",
     "put the state folder on a faster disk"},
    {Drop::store_failed, "store_failed", "the lease could not be written",
     "look at the log: it says what the disk or database answered"},
}};

constexpr std::array<Drop, drop_count> drops = [] {
  std::array<Drop, drop_count> all{};
  for (std::size_t i = 0; i < drop_count; ++i) all[i] = static_cast<Drop>(i);
  return all;
}();

}  // namespace

std::string_view to_string(Drop why) {
  return words[static_cast<std::size_t>(why)].name;
}

std::string_view sentence(Drop why) {
  return words[static_cast<std::size_t>(why)].sentence;
}

std::string_view remedy(Drop why) {
  return words[static_cast<std::size_t>(why)].remedy;
}

std::span<const Drop> all_drops() {
  return drops;
}

Drop drop_of(wire::DhcpError error) {
  switch (error) {
    case wire::DhcpError::too_short:
      return Drop::too_short;
    case wire::DhcpError::too_long:
      return Drop::too_long;
    case wire::DhcpError::bad_op:
      return Drop::bad_op;
    case wire::DhcpError::bad_hlen:
      return Drop::bad_hlen;
    case wire::DhcpError::wrong_cookie:
      return Drop::wrong_cookie;
    case wire::DhcpError::option_past_end:
      return Drop::option_past_end;
    case wire::DhcpError::bad_overload:
      return Drop::bad_overload;
  }
  return Drop::too_short;
}

}  // namespace slipway::dhcp
