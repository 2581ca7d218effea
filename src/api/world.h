// SPDX-License-Identifier: MPL-2.0
// The running daemon as the API sees it: values to look at, and functions that set something in motion.
// Thread: control.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "api/schema.h"
#include "assign/state.h"
#include "assign/trial.h"
#include "base/address.h"
#include "base/metrics.h"
#include "base/problem.h"
#include "base/result.h"
#include "boot/loader_check.h"
#include "lease/book.h"
#include "migrate/foreign_lease.h"
#include "model/access.h"
#include "model/plan.h"
#include "timeline/timeline.h"

namespace slipway::api {

/// Whom the daemon runs as: that user and that group may change things.
struct Account {
  uid_t user = 0;
  gid_t group = 0;
};

/// What the API looks at and sets in motion. References outlive the Endpoints.
struct World {
  std::function<std::shared_ptr<const model::Plan>()> plan;
  std::function<Instant()> now;
  const lease::Book& book;
  const timeline::Timeline& timeline;
  const assign::State& assignments;
  Metrics& metrics;
  std::string version;
  Instant started{};
  /// Empty while the daemon can answer machines; otherwise why it cannot.
  std::function<std::string()> not_ready;
  /// Other DHCP servers that are heard.
  std::function<std::vector<ForeignServerView>()> foreign_servers;
  /// Boot loaders that machines would ask for in vain.
  std::function<Problems()> missing_loaders;
  /// Those that are there, read anew.
  std::function<boot::Loaders()> loaders;

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
  /// Where the subnet's machines are heard; empty: behind a relay.
  std::function<std::string(const model::Subnet&)> interface_of;

  const model::Access& access;
  // Durable when they return.
  std::function<Result<void, Fault>(const model::Token&)> keep_token;
  std::function<Result<void, Fault>(const std::string&)> revoke_token;
  /// To the journal and the database; whoever keeps it gives it its number.
  std::function<void(model::AuditEntry)> note_change;
  /// To the journal.
  std::function<void(const std::string&)> warn;
  Account account;
};

}  // namespace slipway::api
