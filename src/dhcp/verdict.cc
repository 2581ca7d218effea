// SPDX-License-Identifier: MPL-2.0
#include "dhcp/verdict.h"

#include "base/cases.h"
#include "dhcp/reply.h"

namespace slipway::dhcp {

Settled settle(Claim claim, const lease::Outcome& outcome) {
  switch (outcome.kind) {
    case lease::Outcome::Kind::granted:
      if (claim.if_granted) return std::move(*claim.if_granted);
      return std::monostate{};
    case lease::Outcome::Kind::refused:
      return std::visit(
          Cases{[](Ignore& ignore) -> Settled { return std::move(ignore); },
                [&](const Nak& nak) -> Settled { return make_nak(std::move(*claim.if_granted), nak); }},
          claim.if_refused);
    case lease::Outcome::Kind::failed:
      break;
  }
  return Ignore{Drop::store_failed, outcome.reason};
}

}  // namespace slipway::dhcp
