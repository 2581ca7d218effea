// SPDX-License-Identifier: MPL-2.0
// What stands in an answer: fields and options of OFFER, ACK and NAK (RFC 2131 §4.3, table 3). Pure: all
// decisions are taken before. Options leave in order of importance, so that what a small packet cannot
// hold is what matters least; option 82 goes last (RFC 3046 §2.2).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "dhcp/boot_choice.h"
#include "dhcp/inquiry.h"
#include "dhcp/verdict.h"

namespace slipway::dhcp {

/// What is promised.
struct Terms {
  std::optional<wire::MessageType> type;           ///< offer or ack; none: a BOOTP reply
  const model::Subnet& subnet;                     ///< where the address was found
  Ipv4 address;                                    ///< any(): an ACK to INFORM, or none is wanted (RFC 8925)
  std::optional<std::chrono::seconds> lease_time;  ///< none: an ACK to INFORM, a BOOTP reply
  bool at_once = false;                            ///< an ACK to DISCOVER (RFC 4039)
};

Answer make_reply(const Inquiry& inquiry, const Terms& terms, const BootChoice& boot);
Answer make_nak(const Inquiry& inquiry, std::string_view why);
/// The NAK to who was promised an ACK.
Answer make_nak(Answer promised, const Nak& nak);
/// Where a NAK to this request goes.
Destination destination_of_nak(const Inquiry& inquiry);

/// The fields every answer copies from its request (xid, flags, giaddr, chaddr), and nothing else.
wire::DhcpMessage answer_to(const wire::DhcpMessage& request);
/// UDP bytes the client takes: its option 57, within reason.
std::size_t max_size_of(const wire::DhcpMessage& request);
/// Puts `file` and `next_server` into fields and options 66, 67.
void put_boot(wire::DhcpMessage& reply, const BootChoice& boot);

}  // namespace slipway::dhcp
