// SPDX-License-Identifier: MPL-2.0
// What became of one address, as a few bytes in the log of changes: the row it has from then on, or that it
// has none. Written and read by this program only; bytes that are no records are told, never guessed at.
// Pure; any thread.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "lease/lease.h"

namespace slipway::store {

struct LeaseRecord {
  Ipv4 address;
  std::optional<lease::Lease> row;  ///< none: the address is nobody's
  friend bool operator==(const LeaseRecord&, const LeaseRecord&) = default;
};

void write_row(ByteWriter& out, const lease::Lease& lease);
void write_removal(ByteWriter& out, Ipv4 address);

/// All records of `bytes`, in the order written; nothing when they are not ours or are cut short.
std::optional<std::vector<LeaseRecord>> read_records(ByteView bytes);

}  // namespace slipway::store
