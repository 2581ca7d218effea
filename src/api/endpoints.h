// SPDX-License-Identifier: MPL-2.0
// The management API, /api/v1: one table of endpoints, each a question to the running daemon or an action.
// It keeps nothing of its own but the followers of the event stream, and decides nothing: actions are
// functions it is given. Errors are Problem Details (RFC 9457) with a remedy.
// Thread: control, for everything here. Served over the unix socket only, never to booting machines.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/schema.h"
#include "assign/state.h"
#include "assign/trial.h"
#include "base/address.h"
#include "base/metrics.h"
#include "base/problem.h"
#include "base/result.h"
#include "http/router.h"
#include "lease/book.h"
#include "migrate/foreign_lease.h"
#include "model/plan.h"
#include "timeline/timeline.h"

namespace slipway::api {

/// What the API looks at and sets in motion. References outlive the Endpoints.
struct World {
  std::function<std::shared_ptr<const model::Plan>()> plan;
  std::function<Instant()> now;
  const lease::Book& book;
  const timeline::Timeline& timeline;
  const assign::State& assignments;
  const Metrics& metrics;
  std::string version;
  Instant started{};
  /// Empty while the daemon can answer machines; otherwise why it cannot.
  std::function<std::string()> not_ready;
  /// Other DHCP servers that are heard.
  std::function<std::vector<ForeignServerView>()> foreign_servers;

  // Actions: a sentence of what was done, or why not.
  std::function<Result<std::string, Fault>()> refresh_images;  ///< look into the image store again
  std::function<Result<std::string, Problems>()> reload;       ///< read the configuration again
  /// Sets the release in motion; it is durable a moment later.
  std::function<Result<std::string, Fault>(Ipv4)> release_lease;
  /// Leases of another server; the result is told once each of them is durable or skipped.
  std::function<void(std::vector<migrate::ForeignLease>, std::function<void(LeaseImportResult)>)>
      import_leases;
  /// Durable and in force when it returns; the sentence is for the log and the events.
  std::function<Result<void, Fault>(const assign::Changes&, const std::string&)> commit_assignments;
  assign::BaseOf base_of;
};

struct EndpointDoc {
  http::Method method;
  std::string_view path;     ///< "/api/v1/machines/{machine}/explain"
  std::string_view summary;  ///< one line
  std::string_view query;    ///< "since: events after this number"; a line each, may be empty
  std::string_view answer;   ///< name of the struct, or the media type
  std::string_view body{};   ///< name of the struct that is sent; empty: none
};

class Endpoints {
 public:
  explicit Endpoints(World world);
  ~Endpoints();
  Endpoints(const Endpoints&) = delete;
  Endpoints& operator=(const Endpoints&) = delete;

  /// Answers one request: what an http::Server is given as its handler.
  http::Response handle(const http::Request& request) const { return router_.handle(request); }

  /// To everyone who follows; call it for each recorded event.
  void publish(const timeline::Event& event);
  /// Every 15 s: a comment line keeps idle streams open and finds followers that went.
  void keep_alive();
  std::size_t followers() const;

  static std::vector<EndpointDoc> table();

 private:
  class Body;
  std::unique_ptr<Body> body_;
  http::Router router_;
};

}  // namespace slipway::api
