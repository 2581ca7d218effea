// SPDX-License-Identifier: MPL-2.0
#include "rehearsal/rehearsal.h"

namespace slipway::rehearsal {

std::optional<wire::MessageType> Step::said() const {
  const dhcp::Answer* answered = answer();
  return answered ? answered->message.options.get<wire::opt::MessageType>() : std::nullopt;
}

Rehearsal::Rehearsal(Stage stage)
    : stage_(std::move(stage)),
      book_(lease::Rules::from(*stage_.plan, stage_.own_addresses)),
      responder_(stage_.plan, stage_.loaders, book_) {
  book_.load(std::move(stage_.leases), stage_.now);
}

Step Rehearsal::play(const wire::DhcpMessage& message, const dhcp::Arrival& arrival) {
  Step step{message, arrival, {}, {}, false};
  auto received = wire::parse_dhcp(wire::serialize(message, wire::max_dhcp_size).bytes);
  if (!received) {
    step.outcome = dhcp::Ignore{dhcp::drop_of(received.error()), {}};
    return step;
  }
  dhcp::Handled handled = responder_.handle(*received, arrival, stage_.now);
  step.trace = std::move(handled.trace);
  if (auto* claim = std::get_if<dhcp::Claim>(&handled.verdict)) {
    step.changes_leases = true;
    book_.settle(claim->change, lease::Outcome::done(), stage_.now);
    step.outcome = dhcp::settle(std::move(*claim), lease::Outcome::done());
  } else if (auto* answer = std::get_if<dhcp::Answer>(&handled.verdict)) {
    step.outcome = std::move(*answer);
  } else {
    step.outcome = std::move(std::get<dhcp::Ignore>(handled.verdict));
  }
  return step;
}

}  // namespace slipway::rehearsal
