// SPDX-License-Identifier: MPL-2.0
#include "store/lease_record.h"

namespace slipway::store {
namespace {

using lease::Lease;
using lease::State;

// The first byte of a record. Never another meaning for one that was released.
enum Tag : std::uint8_t { removal = 0, active = 1, released = 2, declined = 3 };

Tag tag_of(State state) {
  switch (state) {
    case State::active:
      return active;
    case State::released:
      return released;
    case State::declined:
      return declined;
  }
  return active;
}

void write_time(ByteWriter& out, Instant at) {
  auto microseconds = static_cast<std::uint64_t>(at.time_since_epoch().count());
  out.u32(static_cast<std::uint32_t>(microseconds >> 32));
  out.u32(static_cast<std::uint32_t>(microseconds));
}

Instant read_time(ByteReader& in) {
  std::uint64_t high = in.u32();
  return Instant{Duration{static_cast<std::int64_t>(high << 32 | in.u32())}};
}

void write_counted(ByteWriter& out, ByteView bytes) {
  out.u32(static_cast<std::uint32_t>(bytes.size()));
  out.bytes(bytes);
}

ByteView read_counted(ByteReader& in) {
  return in.take(in.u32());
}

/// What follows tag and address.
std::optional<Lease> read_row(ByteReader& in, Ipv4 address, Tag tag) {
  Lease lease;
  lease.address = address;
  lease.state = tag == active ? State::active : tag == released ? State::released : State::declined;
  lease.granted = read_time(in);
  lease.expires = read_time(in);
  lease.subnet.network = {in.u32()};
  lease.subnet.length = in.u8();
  ByteView mac = in.take(lease.mac.bytes.size());
  auto client = lease::ClientKey::from_stored(read_counted(in));
  ByteView client_id = read_counted(in), relay = read_counted(in);
  lease.hostname = as_text(read_counted(in));
  if (!in.ok() || !client || lease.subnet.length > 32) return std::nullopt;
  std::copy(mac.begin(), mac.end(), lease.mac.bytes.begin());
  lease.client = std::move(*client);
  lease.client_id.assign(client_id.begin(), client_id.end());
  lease.relay.assign(relay.begin(), relay.end());
  return lease;
}

}  // namespace

void write_row(ByteWriter& out, const Lease& lease) {
  out.u8(tag_of(lease.state));
  out.u32(lease.address.value);
  write_time(out, lease.granted);
  write_time(out, lease.expires);
  out.u32(lease.subnet.network.value);
  out.u8(static_cast<std::uint8_t>(lease.subnet.length));
  out.bytes(lease.mac.bytes);
  write_counted(out, lease.client.stored());
  write_counted(out, lease.client_id);
  write_counted(out, lease.relay);
  write_counted(out, as_bytes(lease.hostname));
}

void write_removal(ByteWriter& out, Ipv4 address) {
  out.u8(removal);
  out.u32(address.value);
}

std::optional<std::vector<LeaseRecord>> read_records(ByteView bytes) {
  std::vector<LeaseRecord> records;
  ByteReader in(bytes);
  while (!in.at_end()) {
    auto tag = static_cast<Tag>(in.u8());
    LeaseRecord record{{in.u32()}, {}};
    if (!in.ok() || tag > declined) return std::nullopt;
    if (tag != removal) {
      record.row = read_row(in, record.address, tag);
      if (!record.row) return std::nullopt;
    }
    records.push_back(std::move(record));
  }
  if (!in.ok()) return std::nullopt;
  return records;
}

}  // namespace slipway::store
