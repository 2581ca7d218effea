// SPDX-License-Identifier: MPL-2.0
#include "timeline/remedy.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/printable.h"

namespace slipway::timeline {
namespace {

struct DropRemedy {
  std::string_view drop, words;
};
constexpr DropRemedy remedies[] = {
    {"declined_too_many",
     "look for a host on its wire that answers ARP for every address: `slipway lease list --state declined`"},
    {"pool_exhausted",
     "every address of the range is taken; widen it, shorten lease-time, or free one with `slipway lease "
     "release`"},
    {"no_pool", "its subnet has no range for it; add one, or reserve an address for this machine"},
    {"no_subnet", "no [[subnet]] covers the network it is on; add one, or name its relay there"},
    {"subnet_off", "its subnet has mode = \"off\""},
    {"not_for_us", "it chose another DHCP server: one more answers on that network"},
    {"foreign_server",
     "another DHCP server gives addresses on its segment, so this one gives none there; say mode = \"proxy\" "
     "to boot its machines all the same, or other-servers = \"ignore\" to give addresses beside it"},
    {"looking_for_servers", "Slipway had just been started; it should ask again"},
    {"unknown_policy_ignore",
     "the machine is not in the configuration and [boot] unknown is \"ignore\"; add a [[machine]] with its "
     "MAC address"},
    {"class_not_answered", "it belongs to a [[class]] with answer = false"},
    {"no_boot_file", "nothing here boots on its architecture; a [[class]] with boot-file can name something"},
    {"no_pxe_client", "its subnet has mode = \"proxy\" and it did not ask as a boot client"},
    {"address_not_ours",
     "it asked for an address that is in no range of ours; widen the range, or reserve that address for it"},
    {"unknown_lease",
     "it asked for a lease that is not known here; set authoritative = true where no other server gives "
     "addresses"},
    {"bootp_not_allowed",
     "it speaks BOOTP, and its subnet does not say bootp = true; set it, or let the machine use DHCP"},
    {"too_short", "it is shorter than a DHCP header; `slipway decode` shows what was sent"},
    {"too_long", "it is longer than any DHCP message; `slipway decode` shows what was sent"},
    {"bad_op", "it is neither a request nor a reply; `slipway decode` shows what was sent"},
    {"bad_hlen", "its hardware address is longer than 16 bytes; `slipway decode` shows what was sent"},
    {"wrong_cookie", "its options do not begin with the DHCP cookie; `slipway decode` shows what was sent"},
    {"option_past_end",
     "one of its options runs past the end of the packet; `slipway decode` shows what was sent"},
    {"bad_overload", "its option 52 is not 1, 2 or 3; `slipway decode` shows what was sent"},
    {"reply_packet", "it is the answer of some server; look for another DHCP server on that network"},
    {"own_packet", "it names this server as its relay; give the relay an address of its own"},
    {"bad_mac", "its hardware address is none that a machine can have; let it send a client id (option 61)"},
    {"bad_message_type", "its message type (option 53) is not one that a client sends"},
    {"malformed_request",
     "an option is missing without which it means nothing; `slipway decode` shows what was sent"},
    {"lease_query_not_allowed", "[server] lease-query does not let it ask for leases"},
    {"no_server_address", "our interface has no IPv4 address to answer from; give it one"},
    {"proxy_gives_no_address",
     "its subnet has mode = \"proxy\", where another server gives addresses; say mode = \"dhcp\" to give "
     "them"},
    {"own_question", "it is this server's own question for other servers"},
    {"nothing_to_release", "it gives back a lease that it does not hold"},
    {"inform_without_address", "it asks for options and does not say its address"},
    {"bad_address",
     "it names an address that no host can have; look for a broken relay, or who makes up packets"},
    {"just_granted",
     "it was given an address a moment ago that the configuration gives it no longer; if it asks again in "
     "ten seconds, it gets another"},
    {"claim_in_flight", "another address for it was being written; it should ask again"},
    {"address_taken", "another client was quicker to get its address; it should ask again"},
    {"superseded", "a newer DHCPDISCOVER of it took its place"},
    {"stale_discover", "too many clients waited; it should ask again"},
    {"client_over_share", "too many packets of it waited already: it asks more often than any client should"},
    {"intake_full", "too many clients waited; it should ask again"},
    {"claim_queue_full", "too many leases wait to be written: the disk under the state folder is too slow"},
    {"store_failed", "the lease could not be written; look at the log of slipwayd and at the disk"},
};

const DropRemedy* row_of(std::string_view drop) {
  auto row = std::find_if(std::begin(remedies), std::end(remedies),
                          [drop](const DropRemedy& each) { return each.drop == drop; });
  return row == std::end(remedies) ? nullptr : row;
}

}  // namespace

bool has_remedy(std::string_view drop) {
  return row_of(drop) != nullptr;
}

std::string remedy_of(const std::string& drop) {
  if (drop.empty()) return "no reason was noted; look at the log of slipwayd";
  const DropRemedy* row = row_of(std::string_view(drop).substr(0, drop.find(':')));
  return row ? fmt::format("{} ({})", row->words, printable(drop)) : printable(drop);
}

}  // namespace slipway::timeline
