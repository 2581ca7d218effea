// SPDX-License-Identifier: MPL-2.0
// What one receiver of webhooks has not taken yet, in <state>/webhooks.db: so that a restart loses nothing of
// it, and its writing holds up no lease. Throws StartupError, later faults are values. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace slipway::store {

struct WebhookMessage {
  std::uint64_t number = 0;
  Instant at{};
  std::string body;
  bool named = true;  ///< of a machine that the configuration names
};

class WebhookStore {
 public:
  /// `hook`: whose messages, its URL.
  WebhookStore(const std::string& state, std::string hook);
  ~WebhookStore();

  /// Oldest first.
  Result<std::vector<WebhookMessage>, Fault> load();
  /// Durable when it returns; the number is its own, never used again.
  Result<std::uint64_t, Fault> add(const WebhookMessage& message);
  Result<void, Fault> remove(std::uint64_t number);

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace slipway::store
