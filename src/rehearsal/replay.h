// SPDX-License-Identifier: MPL-2.0
// A capture put to a rehearsal: each client's packet, what the capture answered and what we would answer.
// Where a client then names the captured server or the address it gave, our own offer takes its place, so
// that the exchange goes on as it would have with us; a remark says so. Pure; any capture, however hostile.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "rehearsal/exchange.h"
#include "wire/pcap.h"

namespace slipway::rehearsal {

struct Replayed {
  Duration since{};  ///< the first packet of the capture
  Endpoint from, to;
  Step step;
  bool readable = true;                     ///< otherwise the step only says why it is no message
  std::vector<wire::DhcpMessage> captured;  ///< the answers it got in the capture, in order
  std::vector<std::string> remarks;  ///< what was put in place of the captured server's, a sentence each
};

/// Tells of each packet that clients or relays sent, in order. `place` is where they are taken to come in.
void replay(Rehearsal& rehearsal, const wire::Capture& capture, const Place& place,
            const std::function<void(const Replayed&)>& tell);

/// One line of a comparison: a field or option that is not the same on both sides; empty: not there.
struct Difference {
  std::string what;  ///< "yiaddr", "option 67 bootfile-name"
  std::string captured, ours;
};
std::vector<Difference> differences(const wire::DhcpMessage& captured, const wire::DhcpMessage& ours);

/// The captured answer that ours is to be held against; null: there is none.
const wire::DhcpMessage* counterpart(const Replayed& replayed);

/// Does this packet want an answer at all? RELEASE and DECLINE do not.
bool wants_answer(const wire::DhcpMessage& message);

}  // namespace slipway::rehearsal
