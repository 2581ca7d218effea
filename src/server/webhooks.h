// SPDX-License-Identifier: MPL-2.0
// Everyone who is told how boots ended: one sender for each [[webhook]]. Their secrets are read at the start,
// while we may read everything, and on reload. Thread: control.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/problem.h"
#include "model/plan.h"
#include "server/webhook_sender.h"
#include "timeline/boot.h"

namespace slipway::server {

class Webhooks {
 public:
  Webhooks(Metrics& metrics, Log log) : metrics_(metrics), log_(std::move(log)) {}

  /// Reads the secrets and keeps all ready for `use`; or every reason against it.
  Problems prepare(const model::Plan& plan);
  /// Those that stay as they were go on with what they have. Throws StartupError at the start.
  void use(const std::string& state);

  void tell(const timeline::Boot& boot, bool failed, const model::Machine* named, Instant now);

 private:
  Metrics& metrics_;
  Log log_;
  std::vector<WebhookTarget> prepared_;
  std::vector<std::unique_ptr<WebhookSender>> senders_;
};

}  // namespace slipway::server
