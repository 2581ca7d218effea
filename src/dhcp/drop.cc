// SPDX-License-Identifier: MPL-2.0
#include "dhcp/drop.h"

#include <array>

namespace slipway::dhcp {
namespace {

struct Words {
  Drop why;
  std::string_view name, sentence;
};

// In the order of the enum; the test holds them together.
constexpr std::array<Words, drop_count> words{{
    {Drop::too_short, "too_short", "the packet is shorter than a DHCP header"},
    {Drop::too_long, "too_long", "the packet is longer than any DHCP message"},
    {Drop::bad_op, "bad_op", "the packet is neither a request nor a reply"},
    {Drop::bad_hlen, "bad_hlen", "the hardware address length is over 16"},
    {Drop::wrong_cookie, "wrong_cookie", "the options do not begin with the DHCP cookie"},
    {Drop::option_past_end, "option_past_end", "an option runs past the end of the packet"},
    {Drop::bad_overload, "bad_overload", "option 52 has a value other than 1, 2 or 3"},
    {Drop::reply_packet, "reply_packet", "it is the answer of some server"},
    {Drop::own_packet, "own_packet", "it names this server as its relay, so an answer would come back here"},
    {Drop::bad_mac, "bad_mac", "it has neither a hardware address nor a client id"},
    {Drop::bad_message_type, "bad_message_type", "its message type is not one that a client sends"},
    {Drop::bootp_not_allowed, "bootp_not_allowed",
     "BOOTP clients are served only where the subnet has bootp = true"},
    {Drop::lease_query_not_allowed, "lease_query_not_allowed",
     "it asks for leases from where server.lease-query lets nobody ask"},
    {Drop::malformed_request, "malformed_request", "an option that this message needs is missing"},
    {Drop::no_subnet, "no_subnet", "no [[subnet]] is for the place it came from"},
    {Drop::no_server_address, "no_server_address", "the interface has no IPv4 address to answer from"},
    {Drop::subnet_off, "subnet_off", "the subnet has mode = \"off\""},
    {Drop::not_for_us, "not_for_us", "it is for another DHCP server"},
    {Drop::no_pxe_client, "no_pxe_client", "the subnet is for boot clients only (mode = \"proxy\")"},
    {Drop::proxy_gives_no_address, "proxy_gives_no_address",
     "another server gives addresses here (mode = \"proxy\")"},
    {Drop::unknown_policy_ignore, "unknown_policy_ignore",
     "the machine is not in the configuration, and unknown = \"ignore\""},
    {Drop::class_not_answered, "class_not_answered", "it belongs to a class with answer = false"},
    {Drop::no_pool, "no_pool", "no pool of the subnet is for this client"},
    {Drop::pool_exhausted, "pool_exhausted", "every address of the pool is taken"},
    {Drop::address_not_ours, "address_not_ours", "it asks for an address that is in no pool"},
    {Drop::unknown_lease, "unknown_lease", "it asks for a lease that is not known here"},
    {Drop::nothing_to_release, "nothing_to_release", "it gives back a lease that it does not hold"},
    {Drop::inform_without_address, "inform_without_address", "it asks for options but names no address"},
    {Drop::claim_in_flight, "claim_in_flight", "another address for this client is being written"},
    {Drop::address_taken, "address_taken", "another client was quicker to get the address chosen for it"},
    {Drop::no_boot_file, "no_boot_file", "there is nothing to boot for it"},
    {Drop::superseded, "superseded", "a newer DISCOVER of this client took its place while it waited"},
    {Drop::stale_discover, "stale_discover", "too much waits, and of the DISCOVERs this was the oldest"},
    {Drop::client_over_share, "client_over_share", "too many packets of this client wait already"},
    {Drop::intake_full, "intake_full", "too much waits that is more urgent"},
    {Drop::claim_queue_full, "claim_queue_full", "too many leases wait to be written"},
    {Drop::store_failed, "store_failed", "the lease could not be written"},
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
