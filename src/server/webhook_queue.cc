// SPDX-License-Identifier: MPL-2.0
#include "server/webhook_queue.h"

#include <utility>

namespace slipway::server {

std::optional<store::WebhookMessage> WebhookQueue::push(store::WebhookMessage message) {
  std::optional<store::WebhookMessage> gone;
  if (size() >= most_) {
    if (strangers_.empty() && !message.named) return message;
    gone = take(strangers_.empty() ? named_ : strangers_);
  }
  Messages& to = message.named ? named_ : strangers_;
  to.push_back(std::move(message));
  return gone;
}

store::WebhookMessage WebhookQueue::pop() {
  return take(named_.empty() ? strangers_ : named_);
}

store::WebhookMessage WebhookQueue::take(Messages& from) {
  store::WebhookMessage first = std::move(from.front());
  from.pop_front();
  return first;
}

}  // namespace slipway::server
