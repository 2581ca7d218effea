// SPDX-License-Identifier: MPL-2.0
// What a store is asked to do with one address and what it answered. Values, made by `Allocator`,
// carried to the store and back, and settled in the `Book`.
#pragma once

#include <optional>
#include <string>

#include "lease/lease.h"

namespace slipway::lease {

struct Change {
  enum class Kind {
    grant,    ///< a new lease or a renewal
    release,  ///< the client gives the address back
    decline,  ///< the address goes into quarantine
    forget,   ///< the row is removed: the address has never been anybody's
  };
  Kind kind = Kind::grant;
  Lease lease;                ///< the row as it shall be; `granted` is the moment it is judged at
  ClientKey by;               ///< on whose behalf; also the row's client, except where that is nobody
  std::optional<Ipv4> frees;  ///< with a grant: the client's former address, forgotten in the same step
};

struct Outcome {
  enum class Kind {
    granted,  ///< done and durable
    refused,  ///< another client holds the address
    failed,   ///< the store could not write; nothing was changed
  };
  Kind kind = Kind::granted;
  std::optional<Lease> holder;  ///< refused: the row that stands in the way
  std::string reason;           ///< failed: one sentence for the operator

  bool granted() const { return kind == Kind::granted; }
  static Outcome done() { return {}; }
  static Outcome refused(Lease by) { return {Kind::refused, std::move(by), {}}; }
  static Outcome failed(std::string why) { return {Kind::failed, {}, std::move(why)}; }
};

}  // namespace slipway::lease
