// SPDX-License-Identifier: MPL-2.0
// What becomes of a packet: three doors and no fourth. It is ignored for a named reason, answered, or
// it is a claim: a change of the lease store that must be durable before anything is said. An answer with
// a probe is no fourth door: it is decided and will be said, only not before the wire had its time. Should
// somebody use the address, the same packet is handled once more and comes to one of the three doors anew.
// Values.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/address.h"
#include "dhcp/destination.h"
#include "dhcp/drop.h"
#include "lease/change.h"
#include "model/client.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

struct Ignore {
  Drop why;
  std::string detail;  ///< what this packet adds to the reason: an address, a server, an option; may be empty
};

/// What is to be asked on the wire before an OFFER is said: does somebody use its address?
struct Probe {
  enum class Way : std::uint8_t {
    arp,   ///< the client is on our link
    echo,  ///< it is behind a relay: ICMP
  };
  Ipv4 address;
  lease::ClientKey client;  ///< whom it is to be offered to
  Prefix subnet;
  unsigned interface = 0;  ///< index of the link, for ARP
  Way way = Way::arp;
  bool only_joins =
      false;  ///< the client was offered it before: waits if it is being asked for, begins nothing
};

struct Answer {
  wire::DhcpMessage message;
  Destination to;
  Ipv4 from;                                         ///< source address: the server id
  std::uint16_t from_port = wire::dhcp_server_port;  ///< 4011 where the request came to 4011
  std::size_t max_size = wire::default_max_size - wire::ip_udp_overhead;  ///< for wire::serialize
  std::optional<Probe> probe{};                                           ///< only of an OFFER
};

/// Said in place of the promised ACK: a NAK, made of it only when it is needed.
struct Nak {
  Destination to;
  std::string_view why;  ///< for option 56; a literal
};

/// The change goes to the store; its outcome goes to `lease::Book::settle` and picks what is said.
/// A RELEASE or DECLINE that is carried out has no answer. A store that fails is Drop::store_failed, a
/// full queue Drop::claim_queue_full: then nothing is said and the client asks again.
struct Claim {
  lease::Change change;
  std::optional<Answer> if_granted;
  std::variant<Ignore, Nak> if_refused;  ///< Nak: there is an `if_granted` it stands for
};

using Verdict = std::variant<Ignore, Answer, Claim>;

/// What the timeline and `slipway simulate` tell about the packet.
struct Trace {
  std::optional<wire::MessageType> asked;  ///< none: BOOTP, or a type that is none
  bool bootp = false;
  model::Client client;
  std::string machine;        ///< its name in the plan, where something other than its MAC address told it
  std::string_view known_by;  ///< what told the client's stage: "user class iPXE"; a literal
  std::optional<Prefix> subnet;
  std::string_view placed_by;  ///< what told the subnet: "the relay's address (giaddr)"; a literal
  Ipv4 address;                ///< offered, requested, given back; any(): none
  Ipv4 relay;                  ///< giaddr
  unsigned link = 0;           ///< index of the interface it is heard on by itself; 0: by a relay
  Ipv4 server;                 ///< option 54 of the request
  std::uint16_t waited = 0;    ///< secs
  std::string boot_file;       ///< what the answer says to boot; may be empty
  bool own_disk = false;       ///< none, as the policy leaves it to its own disk
  std::string reason;          ///< one sentence, for a person; text from strangers in it is made printable
};

struct Handled {
  Verdict verdict;
  Trace trace;
};

/// What is to be done once the store has spoken: an answer to send, a reason to count, or nothing.
using Settled = std::variant<std::monostate, Ignore, Answer>;
Settled settle(Claim claim, const lease::Outcome& outcome);

}  // namespace slipway::dhcp
