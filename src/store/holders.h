// SPDX-License-Identifier: MPL-2.0
// Who holds each address, by what is durable: enough to judge a change without a look into the database, and
// to know where the newest record of an address lies. What a transaction changed can be taken back.
// Pure; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/flat_map.h"
#include "lease/change.h"

namespace slipway::store {

inline constexpr std::int64_t in_table = 0;  ///< a Holder's batch: its row is in the table

struct Holder {
  lease::ClientKey client;
  Instant expires;
  std::int64_t batch = in_table;  ///< of the log of changes, with the newest record of the address
};

class Holders {
 public:
  const Holder* at(Ipv4 address) const;
  /// The condition of lease::Store: nobody has the address, or `by` has it, or whoever has it ran out.
  bool allow(const lease::Change& change) const;

  /// From here on changes are remembered until the next `begin`; `take_back` undoes them.
  void begin() { before_.clear(); }
  void put(Ipv4 address, Holder holder);
  void remove(Ipv4 address);
  void take_back();

  /// The newest record of `address` is in the table from now on.
  void folded(Ipv4 address);
  void clear() { of_.clear(); }

 private:
  FlatMap<Ipv4, Holder> of_;
  std::vector<std::pair<Ipv4, std::optional<Holder>>> before_;  // as they were, oldest first
};

}  // namespace slipway::store
