// SPDX-License-Identifier: MPL-2.0
// Why a packet was not answered. Every packet ends in an answer, a claim or one of these, and each of
// these is a counter's label and a line in the machine's timeline. Plain data, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "wire/dhcp_message.h"

namespace slipway::dhcp {

enum class Drop : std::uint8_t {
  // The bytes are no message (wire::DhcpError).
  too_short,
  too_long,
  bad_op,
  bad_hlen,
  wrong_cookie,
  option_past_end,
  bad_overload,

  // The message is none for a server.
  reply_packet,      ///< BOOTREPLY: some server's answer
  own_packet,        ///< names ourselves as its relay
  bad_address,       ///< giaddr or ciaddr is no host's: loopback, multicast, broadcast
  bad_mac,           ///< neither a hardware address nor a client id to know the client by
  bad_message_type,  ///< option 53 is one that clients do not send, or unknown
  bootp_not_allowed,
  lease_query_not_allowed,
  malformed_request,  ///< an option without which this message means nothing

  // It is none for us.
  no_subnet,
  no_server_address,  ///< the interface has no IPv4 address that an answer could come from
  subnet_off,
  not_for_us,  ///< the client chose, or asks, another server
  no_pxe_client,
  proxy_gives_no_address,
  foreign_server,         ///< another server gives addresses on the link, and did before us
  looking_for_servers,    ///< not yet known whether one does, and too many wait for it
  own_question,           ///< ours for other servers, brought back by a relay
  unknown_policy_ignore,  ///< [boot] unknown = "ignore"
  class_not_answered,     ///< a class it belongs to has answer = false

  // We have nothing to say.
  no_pool,  ///< no pool of the subnet is for this client
  pool_exhausted,
  declined_too_many,   ///< this client put so many addresses into quarantine that it gets no other
  address_not_ours,    ///< in the subnet, but in no pool and reserved for nobody
  unknown_lease,       ///< INIT-REBOOT, RENEWING without a lease of ours, and no authority to say so
  nothing_to_release,  ///< RELEASE or DECLINE of a lease the client does not hold
  inform_without_address,
  claim_in_flight,  ///< another address for this client is being written
  address_taken,    ///< chosen for a client that asked for none by name, and another's in the end
  just_granted,     ///< a moment ago, and not what it could have now: a late copy, as likely as not
  no_boot_file,     ///< beside another server: nothing we have runs on this client

  // We could not: more came in than we could answer (Intake), or than the disk could take.
  superseded,
  stale_discover,
  client_over_share,
  intake_full,
  claim_queue_full,
  store_failed,
};
inline constexpr std::size_t drop_count = static_cast<std::size_t>(Drop::store_failed) + 1;

std::string_view to_string(Drop why);  ///< snake_case, as in metrics
/// For a person: "another DHCP server was chosen".
std::string_view sentence(Drop why);
/// What an operator can do about it: "make the pool larger, or the lease time shorter".
std::string_view remedy(Drop why);
/// Every reason once, so that all counters exist from the start.
std::span<const Drop> all_drops();

Drop drop_of(wire::DhcpError error);

}  // namespace slipway::dhcp
