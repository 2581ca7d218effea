// SPDX-License-Identifier: MPL-2.0
#include "store/lease_record.h"

#include <gtest/gtest.h>

#include "store/test_leases.h"

namespace slipway::store {
namespace {

lease::Lease full_lease() {
  lease::Lease lease = lease_of(1, client(1));
  lease.mac = {{0x52, 0x54, 0, 1, 2, 3}};
  lease.client_id = {0xff, 0, 1};
  lease.relay = {1, 1, 'x'};
  lease.hostname = std::string("a\0b", 3);
  lease.expires = lease::forever;
  return lease;
}

TEST(LeaseRecord, ComesBackWithEveryField) {
  std::vector<LeaseRecord> records;
  for (auto state : {lease::State::active, lease::State::released, lease::State::declined}) {
    lease::Lease lease = full_lease();
    lease.state = state;
    records.push_back({lease.address, lease});
  }
  records.back().row->client = {};  // nobody's
  records.push_back({address(7), std::nullopt});
  ByteWriter out;
  for (const LeaseRecord& record : records)
    record.row ? write_row(out, *record.row) : write_removal(out, record.address);
  EXPECT_EQ(read_records(out.view()), records);
}

TEST(LeaseRecord, KeepsTimesBeforeTheEpoch) {
  lease::Lease lease = full_lease();
  lease.granted = Instant{Duration{-1}};
  ByteWriter out;
  write_row(out, lease);
  EXPECT_EQ(read_records(out.view()).value().at(0).row, lease);
}

TEST(LeaseRecord, CutShortIsNoRecord) {
  ByteWriter out;
  write_row(out, full_lease());
  for (std::size_t length = 1; length < out.size(); ++length)
    EXPECT_FALSE(read_records(ByteView(out.view()).first(length))) << length;
  EXPECT_TRUE(read_records({}).value().empty());
}

TEST(LeaseRecord, OfAnUnknownKindOrShapeIsNotGuessedAt) {
  ByteWriter out;
  write_row(out, full_lease());
  auto changed = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = out.view();
    bytes.at(at) = value;
    return read_records(bytes).has_value();
  };
  EXPECT_TRUE(changed(0, 2));
  EXPECT_FALSE(changed(0, 4)) << "tag";
  EXPECT_FALSE(changed(25, 33)) << "length of the prefix";
  EXPECT_FALSE(changed(36, 'x')) << "what the client is known by";
}

}  // namespace
}  // namespace slipway::store
