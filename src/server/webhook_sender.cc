// SPDX-License-Identifier: MPL-2.0
#include "server/webhook_sender.h"

#include <algorithm>

#include <fmt/format.h>

#include "fetch/post.h"
#include "server/webhook_signature.h"

namespace slipway::server {
namespace {

using std::chrono::seconds;

constexpr seconds longest_pause{300};
constexpr std::chrono::hours given_up_after{24};

Instant wall_clock() {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

/// Without what may be secret in a URL: user, path, query.
std::string host_of(std::string_view url) {
  auto begin = url.find("://");
  url.remove_prefix(begin == url.npos ? 0 : begin + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  return std::string(url.substr(url.rfind('@') == url.npos ? 0 : url.rfind('@') + 1));
}

std::string label(const std::string& receiver) {
  std::string plain;
  for (char c : receiver) plain += c == '"' || c == '\\' || c == '\n' ? '_' : c;
  return fmt::format("receiver=\"{}\"", plain);
}

seconds pause_after(unsigned attempts) {
  return attempts > 8 ? longest_pause : std::min(longest_pause, seconds{1 << (attempts - 1)});
}

}  // namespace

WebhookSender::WebhookSender(WebhookTarget target, const std::string& state, Metrics& metrics, Log log)
    : target_(std::move(target)),
      receiver_(host_of(target_.url)),
      log_(std::move(log)),
      store_(state, target_.url),
      sent_(metrics.counter("slipway_webhook_sent_total", label(receiver_), "Verdicts a receiver took.")),
      failures_(metrics.counter("slipway_webhook_failures_total", label(receiver_),
                                "Attempts to send a verdict that failed.")),
      lost_(metrics.counter("slipway_webhook_lost_total", label(receiver_),
                            "Verdicts that were given up before their receiver took them.")),
      waits_(metrics.gauge("slipway_webhook_waiting", label(receiver_),
                           "Verdicts a receiver has not taken yet.")) {
  auto left = store_.load();
  if (!left) throw StartupError("what webhooks wait for cannot be read: " + left.error().sentence());
  for (store::WebhookMessage& message : *left) waiting_.push(std::move(message));
  thread_ = std::thread([this] { run(); });
}

WebhookSender::~WebhookSender() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  more_.notify_one();
  thread_.join();
  waits_.subtract(counted_);
}

void WebhookSender::post(Instant at, std::string body, bool named) {
  bool too_many;
  {
    std::lock_guard lock(mutex_);
    too_many = fresh_.push({0, at, std::move(body), named}).has_value();
  }
  more_.notify_one();
  if (too_many) lose("the disk does not keep up");
}

void WebhookSender::run() {
  auto next = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  for (;;) {
    auto called = [this] { return stop_ || !fresh_.empty(); };
    if (waiting_.empty()) {
      more_.wait(lock, called);
    } else {
      more_.wait_until(lock, next, called);
    }
    bool stopping = stop_;
    auto fresh = std::exchange(fresh_, WebhookQueue(most_waiting));
    lock.unlock();
    take(std::move(fresh));
    if (stopping) return;
    if (!waiting_.empty() && std::chrono::steady_clock::now() >= next)
      next = std::chrono::steady_clock::now() + attempt();
    lock.lock();
  }
}

void WebhookSender::take(WebhookQueue fresh) {
  while (!fresh.empty()) {
    store::WebhookMessage message = fresh.pop();
    auto number = store_.add(message);
    if (number) message.number = *number;
    if (!number)
      log_->error("webhook {}: a restart would lose this: {}", receiver_, number.error().sentence());
    if (auto gone = waiting_.push(std::move(message))) {
      forget(*gone);
      lose("too many wait");
    }
  }
  if (waiting_.size() < most_waiting / 2) losing_ = false;
  count_waiting();
}

/// Several receivers may be on one host, and share the number.
void WebhookSender::count_waiting() {
  waits_.add(waiting_.size());
  waits_.subtract(std::exchange(counted_, waiting_.size()));
}

seconds WebhookSender::attempt() {
  const store::WebhookMessage& first = waiting_.first();
  bool taken = send(first);
  if (taken) {
    sent_.add();
    drop_first();
  } else if (!stop_) {
    failures_.add();
    ++attempts_;
    if (wall_clock() - first.at > given_up_after) {
      lose("nobody took them for a day");
      drop_first();
    }
  }
  count_waiting();
  return attempts_ == 0 ? seconds{0} : pause_after(attempts_);
}

bool WebhookSender::send(const store::WebhookMessage& message) {
  fetch::Post post{target_.url,
                   target_.authority,
                   {"Content-Type: application/json", fmt::format("Slipway-Delivery: {}", message.number),
                    "Slipway-Signature: " + webhook_signature(target_.secret, wall_clock(), message.body)},
                   message.body};
  auto status = fetch::send(post, stop_);
  if (status && *status >= 200 && *status < 300) return true;
  if (stop_ || attempts_ > 0) return false;  // said once
  log_->warn("webhook {}: not taken, tried again: {}", receiver_,
             status ? fmt::format("it answered {}", *status) : status.error().sentence());
  return false;
}

void WebhookSender::forget(const store::WebhookMessage& message) {
  if (message.number == 0) return;
  if (auto removed = store_.remove(message.number); !removed)
    log_->error("webhook {}: a restart would send this again: {}", receiver_, removed.error().sentence());
}

void WebhookSender::drop_first() {
  forget(waiting_.pop());
  attempts_ = 0;
}

/// Each is counted; that it is so is said once, until there is room again.
void WebhookSender::lose(std::string_view why) {
  lost_.add();
  if (losing_.exchange(true)) return;
  log_->error(
      "webhook {}: verdicts are lost, {}, those of machines that the configuration does not name first; "
      "slipway_webhook_lost_total counts them",
      receiver_, why);
}

}  // namespace slipway::server
