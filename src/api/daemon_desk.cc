// SPDX-License-Identifier: MPL-2.0
#include "api/daemon_desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/answer.h"
#include "api/gauges.h"

namespace slipway::api {

using http::Captures;
using http::Request;
using http::Response;

Response DaemonDesk::status(std::size_t followers) const {
  auto plan = world_.plan();
  StatusView view;
  view.version = world_.version;
  view.started = world_.started;
  view.now = world_.now();
  view.reason = world_.not_ready();
  view.ready = view.reason.empty();
  view.subnets = plan->subnets().size();
  view.machines = plan->machines().size();
  view.images = plan->images().size();
  view.leases = world_.book.size();
  view.offers = world_.book.offers();
  view.events = world_.timeline.last_sequence();
  view.followers = followers;
  view.foreign_servers = world_.foreign_servers();
  for (const Problem& problem : world_.missing_loaders())
    view.missing_loaders.push_back(fmt::format("{}; {}", problem.what, problem.remedy));
  return answer(view);
}

Response DaemonDesk::reload(const Request&, const Captures&) const {
  auto done = world_.reload();
  if (done) return answer(Done{*done});
  ProblemDetails details;
  details.status = 422;
  bool restart = std::ranges::all_of(done.error(), [](auto& each) { return each.remedy == restart_remedy; });
  details.detail = restart ? "what the configuration changes needs a restart; the one in force stays"
                           : "the configuration has errors; the one in force stays";
  details.remedy = restart ? "`systemctl restart slipwayd`, or take the changes back"
                           : "correct them and reload again; `slipway check` shows them, too";
  for (const Problem& each : done.error()) details.problems.push_back(each.to_string());
  return problem(std::move(details));
}

Response DaemonDesk::health(const Request&, const Captures&) const {
  return http::text(200, "ok\n");
}

Response DaemonDesk::readiness(const Request&, const Captures&) const {
  std::string reason = world_.not_ready();
  return reason.empty() ? http::text(200, "ready\n") : http::text(503, reason + "\n");
}

Response DaemonDesk::metrics(const Request&, const Captures&) const {
  Response response = http::text(200, world_.metrics.exposition() + gauges(world_));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace slipway::api
