// SPDX-License-Identifier: MPL-2.0
#include "server/lease_import.h"

#include <memory>

#include "migrate/admission.h"

namespace slipway::server {
namespace {

/// Lives until the last outcome is there.
struct Batch {
  api::LeaseImportResult result;
  std::size_t open = 1;  // changes on their way, and one for the loop that sets them off
  std::function<void(api::LeaseImportResult)> done;

  void tell(std::size_t at, const std::optional<migrate::Skipped>& skipped) {
    api::LeaseImported& line = result.leases[at];
    line.outcome = skipped ? migrate::to_string(skipped->why) : "imported";
    if (skipped) line.here = skipped->here;
  }
  void close() {
    if (--open == 0) done(std::move(result));
  }
};

}  // namespace

void import_leases(const model::Plan& plan, lease::Book& book, DhcpService& dhcp, Instant now,
                   const std::vector<migrate::ForeignLease>& leases,
                   std::function<void(api::LeaseImportResult)> done) {
  auto batch = std::make_shared<Batch>();
  batch->done = std::move(done);
  migrate::Admission admission(plan, book);
  for (std::size_t at = 0; at < leases.size(); ++at) {
    batch->result.leases.push_back({leases[at].address.to_string(), "", ""});
    auto admitted = admission.admit(leases[at], now);
    if (auto* skipped = std::get_if<migrate::Skipped>(&admitted)) {
      batch->tell(at, *skipped);
      continue;
    }
    ++batch->open;
    bool posted =
        dhcp.change(std::move(std::get<lease::Change>(admitted)), [batch, at](const lease::Outcome& outcome) {
          batch->tell(at, migrate::Admission::refused(outcome));
          batch->close();
        });
    if (!posted) {
      batch->tell(at, migrate::Skipped{migrate::Skip::store_failed, "too many leases wait to be written"});
      --batch->open;
    }
  }
  batch->close();
}

}  // namespace slipway::server
