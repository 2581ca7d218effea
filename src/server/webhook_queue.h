// SPDX-License-Identifier: MPL-2.0
// Verdicts that wait for their receiver: those of machines that the configuration names before those of
// strangers, and each oldest first. Bounded: a stranger's goes where there are too many, so that whoever
// makes up machines pushes out no verdict of the site's own. Values.
#pragma once

#include <deque>
#include <optional>

#include "store/webhook_store.h"

namespace slipway::server {

class WebhookQueue {
 public:
  explicit WebhookQueue(std::size_t most) : most_(most) {}

  std::size_t size() const { return named_.size() + strangers_.size(); }
  bool empty() const { return size() == 0; }

  /// What had to go for it, which may be itself.
  std::optional<store::WebhookMessage> push(store::WebhookMessage message);
  /// There must be one.
  const store::WebhookMessage& first() const { return named_.empty() ? strangers_.front() : named_.front(); }
  store::WebhookMessage pop();

 private:
  using Messages = std::deque<store::WebhookMessage>;
  static store::WebhookMessage take(Messages& from);

  std::size_t most_;
  Messages named_, strangers_;  ///< oldest first
};

}  // namespace slipway::server
