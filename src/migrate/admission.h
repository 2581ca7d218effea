// SPDX-License-Identifier: MPL-2.0
// May a lease of another server be taken over as it is? Judged by the allocator itself, so that what comes
// in is what this server would give and renew: same address, same client, same end. Nothing that a
// client of ours holds is touched: that is a conflict, told with both sides. Pure; the change that an
// admission is must be made durable and settled in the book like any other.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "lease/allocator.h"
#include "lease/book.h"
#include "migrate/foreign_lease.h"
#include "model/plan.h"

namespace slipway::migrate {

enum class Skip {
  already_here,  ///< the same client has it, at least as long
  not_held,      ///< free in the file
  expired,
  no_subnet,
  gives_no_addresses,  ///< the subnet's mode is not "dhcp"
  no_identity,         ///< neither a MAC address nor a client id to know the client by
  outside_pools,
  excluded,
  reserved_for_another,
  reserved_elsewhere,   ///< the client has another address reserved
  held_by_another,      ///< conflict: another client's lease runs here
  quarantined,          ///< conflict: the address is in quarantine here
  has_another_address,  ///< conflict: the client's lease of another address runs here
  store_refused,        ///< conflict, found by the store
  store_failed,         ///< nothing was written
};
std::string_view to_string(Skip why);  ///< snake_case, for programs
std::optional<Skip> skip_named(std::string_view name);
std::string_view sentence(Skip why);  ///< for a person: "it has run out"
/// Nothing is lost by it: the lease is here already, or was none any more.
bool is_harmless(Skip why);
bool is_conflict(Skip why);

struct Skipped {
  Skip why;
  std::string here;  ///< conflict: who has what here; reserved: for which machine; may be empty
};

class Admission {
 public:
  Admission(const model::Plan& plan, lease::Book& book) : plan_(plan), book_(book), allocator_(book) {}

  std::variant<lease::Change, Skipped> admit(const ForeignLease& lease, Instant now);
  /// What the store's answer means; nothing where it was granted.
  static std::optional<Skipped> refused(const lease::Outcome& outcome);

 private:
  std::variant<lease::Change, Skipped> quarantine(const ForeignLease& lease, const model::Subnet& subnet,
                                                  Instant now);
  lease::Asker asker_of(const ForeignLease& lease, const model::Subnet& subnet) const;
  std::optional<Skipped> before_asking(const ForeignLease& lease, const lease::Asker& asker,
                                       Instant now) const;
  Skipped refusal(lease::Refusal why, Ipv4 address, const lease::Asker& asker) const;

  const model::Plan& plan_;
  lease::Book& book_;
  lease::Allocator allocator_;
};

/// In the order they are to be admitted: of several leases of one client the one that lasts longest first,
/// because it can keep only one of them in a subnet.
void order_for_admission(std::vector<ForeignLease>& leases);

}  // namespace slipway::migrate
