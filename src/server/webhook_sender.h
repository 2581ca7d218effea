// SPDX-License-Identifier: MPL-2.0
// One receiver of webhooks: what it is to be told waits in the database until it takes it, and is sent again
// with growing pauses. Bounded: with too many waiting, or after a day, the oldest is given up, which is said
// and counted. A thread of its own, so that a slow receiver holds nobody up; `post` is for the control
// thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/metrics.h"
#include "base/result.h"
#include "server/log.h"
#include "store/webhook_store.h"

namespace slipway::server {

struct WebhookTarget {
  std::string url, authority, secret;
  bool failed = true, booted = true;
  friend bool operator==(const WebhookTarget&, const WebhookTarget&) = default;
};

class WebhookSender {
 public:
  static constexpr std::size_t most_waiting = 1000;

  WebhookSender(WebhookTarget target, const std::string& state, Metrics& metrics, Log log);
  /// What was not taken stays in the database.
  ~WebhookSender();

  const WebhookTarget& target() const { return target_; }
  void post(Instant at, std::string body);

 private:
  void run();
  void take(std::deque<store::WebhookMessage> fresh);
  /// Sends the first of those that wait; how long to wait before the next attempt.
  std::chrono::seconds attempt();
  bool send(const store::WebhookMessage& message);
  void drop_first();
  void count_waiting();
  void give_up_first(std::string_view why);

  WebhookTarget target_;
  std::string receiver_;  ///< its host, for the log and the metrics
  Log log_;
  store::WebhookStore store_;
  Counter &sent_, &failures_, &lost_, &waits_;

  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<store::WebhookMessage> fresh_;  ///< under the mutex: not in the database yet
  std::atomic<bool> stop_{false};

  std::deque<store::WebhookMessage> waiting_;  ///< the thread's own, oldest first
  std::size_t counted_ = 0;
  unsigned attempts_ = 0;  ///< to send the first of them
  std::thread thread_;
};

}  // namespace slipway::server
