// SPDX-License-Identifier: MPL-2.0
#include "server/plan_source.h"

#include <fmt/format.h>

#include "api/daemon_desk.h"
#include "base/result.h"
#include "config/boot_files.h"
#include "config/config.h"

namespace slipway::server {
namespace {

std::string all_of(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += (text.empty() ? "" : "\n") + problem.to_string();
  return text;
}

}  // namespace

PlanSource::PlanSource(std::string config_path) : config_path_(std::move(config_path)) {
  auto loaded = config::load(config_path_, {});
  if (!loaded) {
    throw StartupError(
        all_of(loaded.error().problems) +
        fmt::format("\n{} cannot be used; `slipway check {}` says the same", config_path_, config_path_));
  }
  plan_ = *loaded;
  images_ = std::make_unique<image::Store>(plan_->server().state);
  refresh_images();
}

image::Store::Listing PlanSource::list_images() {
  image::Store::Listing listing = images_->list();
  image_problems_ = std::move(listing.problems);
  return listing;
}

void PlanSource::refresh_images() {
  image::Store::Listing stored = list_images();
  plan_ = plan_->with_images(std::move(stored.images), std::move(stored.damaged));
}

Problems PlanSource::reload(const std::function<Problems(const model::Plan&)>& also) {
  auto loaded = config::load(config_path_, {});
  image::Store::Listing stored = list_images();
  if (!loaded) return loaded.error().problems;
  auto wanted = (*loaded)->with_images(std::move(stored.images), std::move(stored.damaged));
  Problems fixed = needs_restart(*plan_, *wanted);
  if (fixed.empty()) fixed = config::unread_files(*wanted);
  if (fixed.empty()) fixed = also(*wanted);
  if (has_errors(fixed)) return fixed;
  plan_ = wanted->with_assignments(assignments_);
  return {};
}

void PlanSource::use(std::shared_ptr<const model::Assignments> assignments) {
  assignments_ = std::move(assignments);
  plan_ = plan_->with_assignments(assignments_);
}

Problems needs_restart(const model::Plan& now, const model::Plan& then) {
  const model::ServerSettings& running = now.server();
  const model::ServerSettings& wanted = then.server();
  Problems problems;
  auto fixed = [&](std::string_view key, bool same) {
    if (!same)
      problems.push_back({place_of(wanted, key), fmt::format("server.{} cannot change while running", key),
                          std::string(api::restart_remedy), Severity::error});
  };
  fixed("state", running.state == wanted.state);
  fixed("socket", running.socket == wanted.socket);
  fixed("user", running.user == wanted.user);
  fixed("http-port", running.http_port == wanted.http_port);
  fixed("tftp-port", running.tftp_port == wanted.tftp_port);
  fixed("tftp-single-port", running.tftp_single_port == wanted.tftp_single_port);
  fixed("tftp-window", running.tftp_window == wanted.tftp_window);
  fixed("tftp-fragments", running.tftp_fragments == wanted.tftp_fragments);
  fixed("https-port", running.https_port == wanted.https_port);
  fixed("tls-certificate", running.tls_certificate.empty() == wanted.tls_certificate.empty());
  fixed("tftp-write", running.tftp_write == wanted.tftp_write);
  fixed("tftp-write-size", running.tftp_write_size == wanted.tftp_write_size);
  fixed("tftp-write-total", running.tftp_write_total == wanted.tftp_write_total);
  fixed("tftp-write-over", running.tftp_write_over == wanted.tftp_write_over);
  if (now.api().listen != then.api().listen)
    problems.push_back({place_of(then.api(), "listen"), "api.listen cannot change while running",
                        std::string(api::restart_remedy), Severity::error});
  return problems;
}

}  // namespace slipway::server
