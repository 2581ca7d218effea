// SPDX-License-Identifier: MPL-2.0
#include "server/webhooks.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "api/json.h"
#include "api/views.h"
#include "base/version.h"

namespace slipway::server {
namespace {

constexpr std::size_t shortest_secret = 16;

Result<std::string, Problem> secret_of(const model::Webhook& hook) {
  const Place& place = place_of(hook, "secret-file");
  std::ifstream file(hook.secret_file);
  std::string secret;
  if (!std::getline(file, secret))
    return Problem{place,
                   fmt::format("no secret can be read from {}: {}", hook.secret_file, std::strerror(errno)),
                   "write one there that slipwayd may read, for example with `openssl rand -hex 32`"};
  if (secret.size() < shortest_secret)
    return Problem{
        place,
        fmt::format("the secret in {} is shorter than {} characters", hook.secret_file, shortest_secret),
        "`openssl rand -hex 32` makes a good one"};
  return secret;
}

}  // namespace

Problems Webhooks::prepare(const model::Plan& plan) {
  Problems problems;
  prepared_.clear();
  for (const model::Webhook& hook : plan.webhooks()) {
    // For a reload the account of the daemon may be unable to read what it read as root.
    auto known = std::find_if(senders_.begin(), senders_.end(),
                              [&](const auto& sender) { return sender->target().url == hook.url; });
    auto secret = secret_of(hook);
    if (!secret && known == senders_.end()) {
      problems.push_back(secret.error());
      continue;
    }
    prepared_.push_back(
        {hook.url, hook.authority, secret ? *secret : (*known)->target().secret, hook.failed, hook.booted});
  }
  return problems;
}

void Webhooks::use(const std::string& state) {
  std::vector<std::unique_ptr<WebhookSender>> next;
  for (const WebhookTarget& target : prepared_) {
    auto same = std::find_if(senders_.begin(), senders_.end(),
                             [&](const auto& sender) { return sender && sender->target() == target; });
    if (same != senders_.end()) next.push_back(std::move(*same));
  }
  senders_.clear();  // whoever changes ends before it begins anew: one sender for what waits
  for (const WebhookTarget& target : prepared_) {
    bool there =
        std::any_of(next.begin(), next.end(), [&](const auto& sender) { return sender->target() == target; });
    if (!there) next.push_back(std::make_unique<WebhookSender>(target, state, metrics_, log_));
  }
  senders_ = std::move(next);
}

void Webhooks::tell(const timeline::Boot& boot, bool failed, const model::Machine* named, Instant now) {
  if (senders_.empty()) return;
  api::BootNotice notice{failed ? "boot.failed" : "boot.booted", now, version, api::view(boot)};
  if (named) notice.boot.machine_name = named->name;
  std::string body = api::to_json(notice);
  for (auto& sender : senders_) {
    if (failed ? sender->target().failed : sender->target().booted) sender->post(now, body, named != nullptr);
  }
}

}  // namespace slipway::server
