// SPDX-License-Identifier: MPL-2.0
// One receiver of webhooks: what it is to be told waits in the database until it takes it, and is sent again
// with growing pauses. Bounded: with too many waiting (WebhookQueue says who goes), or after a day, one is
// given up, which is counted and said once. A thread of its own, so that a slow receiver holds nobody up;
// `post` is for the control thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/metrics.h"
#include "base/result.h"
#include "server/log.h"
#include "server/webhook_queue.h"
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
  /// `named`: of a machine that the configuration names.
  void post(Instant at, std::string body, bool named);

 private:
  void run();
  void take(WebhookQueue fresh);
  /// Sends the first of those that wait; how long to wait before the next attempt.
  std::chrono::seconds attempt();
  bool send(const store::WebhookMessage& message);
  void forget(const store::WebhookMessage& message);
  void drop_first();
  void count_waiting();
  void lose(std::string_view why);

  WebhookTarget target_;
  std::string receiver_;  ///< its host, for the log and the metrics
  Log log_;
  store::WebhookStore store_;
  Counter &sent_, &failures_, &lost_, &waits_;

  std::mutex mutex_;
  std::condition_variable more_;
  WebhookQueue fresh_{most_waiting};  ///< under the mutex: not in the database yet
  std::atomic<bool> stop_{false};
  std::atomic<bool> losing_{false};  ///< and it was said

  WebhookQueue waiting_{most_waiting};  ///< the thread's own
  std::size_t counted_ = 0;
  unsigned attempts_ = 0;  ///< to send the first of them
  std::thread thread_;
};

}  // namespace slipway::server
