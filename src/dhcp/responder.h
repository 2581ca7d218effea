// SPDX-License-Identifier: MPL-2.0
// The DHCP and BOOTP server (RFC 2131 §4.3, RFC 951) as a function: a message, where it came from and the
// time in; a verdict out. It gives addresses where a subnet's mode is `dhcp`, answers boot clients beside
// another server where it is `proxy` (see proxy_responder.h), and is silent for a named reason everywhere
// else. It opens no socket, reads no clock and writes no lease: offers are noted in the book, everything that
// must last is a Claim. Thread: control. A stranger's bytes cannot make it fail.
#pragma once

#include <memory>

#include "dhcp/boot_choice.h"
#include "dhcp/chain_guard.h"
#include "dhcp/decline_guard.h"
#include "dhcp/inquiry.h"
#include "dhcp/verdict.h"
#include "lease/allocator.h"
#include "lease/book.h"
#include "model/plan.h"

namespace slipway::dhcp {

class Responder {
 public:
  Responder(std::shared_ptr<const model::Plan> plan, Loaders loaders, lease::Book& book);

  /// Another world from now on. The book's rules are the caller's to change with it.
  void publish(std::shared_ptr<const model::Plan> plan, Loaders loaders);

  Handled handle(const wire::DhcpMessage& message, const Arrival& arrival, Instant now);

  /// Whether an OFFER that waited for the wire may still be said: nobody got its address meanwhile, and no
  /// new plan took it. Otherwise its request is to be handled anew.
  bool stands(const Answer& offer) const;

 private:
  using Claimed = Result<lease::Change, lease::Refusal>;

  Verdict decide(Inquiry& inquiry, Instant now);
  Verdict dispatch(Inquiry& inquiry, Instant now);
  Verdict discover(Inquiry& inquiry, Instant now);
  Verdict request(Inquiry& inquiry, Instant now);
  Verdict selecting(Inquiry& inquiry, Ipv4 address, Instant now);
  Verdict init_reboot(Inquiry& inquiry, Ipv4 address, Instant now);
  Verdict extend(Inquiry& inquiry, Ipv4 address, Instant now);
  Verdict choose_and_grant(Inquiry& inquiry, Instant now);
  Verdict decline(Inquiry& inquiry, Instant now);
  Verdict release(Inquiry& inquiry, Instant now);
  Verdict inform(Inquiry& inquiry, Instant now);
  Verdict bootp(Inquiry& inquiry, Instant now);
  Verdict nak_stranger(Inquiry& inquiry);
  Verdict send_to_ipv6(Inquiry& inquiry, wire::MessageType type);

  Verdict grant(Inquiry& inquiry, Claimed claimed, Instant now);
  Verdict give(Inquiry& inquiry, const lease::Asker& asker, Ipv4 address, Instant now);
  Answer promise(Inquiry& inquiry, const lease::Change& change, Instant now);
  Verdict refuse(Inquiry& inquiry, lease::Refusal refusal);
  bool is_his(const Inquiry& inquiry, const lease::Asker& asker, Ipv4 address) const;
  const lease::Lease* moved_from(const lease::Asker& asker, Ipv4 to, Instant now) const;
  std::optional<Ignore> moved_too_soon(const lease::Asker& asker, Ipv4 to, Instant now) const;
  bool has_another(const lease::Asker& asker, Instant now) const;
  std::optional<ByteView> kept_relay_option(const wire::DhcpMessage& message) const;
  BootChoice boot_for(Inquiry& inquiry, const model::Subnet& subnet, Instant now);

  std::shared_ptr<const model::Plan> plan_;
  Loaders loaders_;
  lease::Book& book_;
  lease::Allocator allocator_;
  ChainGuard guard_;
  Kin kin_;
  DeclineGuard declines_;
  bool has_looked_at_leases_ = false;  ///< for what they tell of machines
};

}  // namespace slipway::dhcp
