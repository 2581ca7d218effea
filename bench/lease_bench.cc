// SPDX-License-Identifier: MPL-2.0
// What a lease costs: in the book, by how many it holds already; in the store, by how many are committed
// together. Compare the rows of one run with each other, not with another day's.
#include <filesystem>

#include <benchmark/benchmark.h>
#include <poll.h>

#include "base/random.h"
#include "lease/allocator.h"
#include "store/committer.h"
#include "store/sqlite_store.h"

namespace slipway {
namespace {

constexpr Instant start = from_unix_seconds(1'700'000'000);
constexpr Ipv4 first{0x0a000001};

MacAddress mac_of(std::uint32_t who) {
  MacAddress mac{{0x52, 0x54}};
  for (int i = 0; i < 4; ++i)
    mac.bytes[static_cast<std::size_t>(5 - i)] = static_cast<std::uint8_t>(who >> 8 * i);
  return mac;
}

lease::Asker asker_of(std::uint32_t who, const model::AddressRange& range) {
  lease::Asker asker;
  asker.mac = mac_of(who);
  asker.client = lease::ClientKey::of_mac(asker.mac);
  asker.spaces = {{.network = {{0x0a000000}, 8}, .ranges = {range}}};
  return asker;
}

void exchange(lease::Book& book, lease::Allocator& allocator, const lease::Asker& asker) {
  auto offer = allocator.offer(asker, start);
  auto change = allocator.claim(asker, offer->address, start);
  book.settle(*change, lease::Outcome::done(), start);
}

/// DISCOVER and REQUEST of a random client that has a lease already.
void BookExchange(benchmark::State& state) {
  auto held = static_cast<std::uint32_t>(state.range(0));
  model::AddressRange range{first, {first.value + held}};
  lease::Book book(lease::Rules{{}, {}, {range}});
  lease::Allocator allocator(book);
  for (std::uint32_t who = 0; who < held; ++who) exchange(book, allocator, asker_of(who, range));
  SeededRandom random(1);
  for (auto _ : state)
    exchange(book, allocator, asker_of(static_cast<std::uint32_t>(random.below(held)), range));
}
BENCHMARK(BookExchange)->Arg(5'000)->Arg(50'000)->Arg(500'000);

/// New leases through the committer, `batch` outstanding at a time, each durable before the next batch.
void DurableLeases(benchmark::State& state) {
  auto batch = static_cast<std::uint32_t>(state.range(0));
  std::string folder = std::filesystem::temp_directory_path() / "slipway-lease-bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  store::SqliteStore store(folder);
  Metrics metrics;
  store::Committer committer(store, metrics);
  std::uint32_t next = 0;
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < batch; ++i, ++next) {
      lease::Change change;
      change.by = lease::ClientKey::of_mac(mac_of(next));
      change.lease = {.address = {first.value + next},
                      .client = change.by,
                      .mac = mac_of(next),
                      .subnet = {{0x0a000000}, 8},
                      .granted = start,
                      .expires = start + std::chrono::hours{1}};
      if (!committer.post(next, std::move(change))) state.SkipWithError("the committer is full");
    }
    for (std::size_t back = 0; back < batch;) {
      pollfd ready{committer.fd(), POLLIN, 0};
      ::poll(&ready, 1, -1);
      back += committer.drain().size();
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(next));
  committer.stop();
  std::filesystem::remove_all(folder);
}
BENCHMARK(DurableLeases)->Arg(1)->Arg(10)->Arg(100)->Arg(1000)->UseRealTime();

}  // namespace
}  // namespace slipway
