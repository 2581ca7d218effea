// SPDX-License-Identifier: MPL-2.0
// For tests: a small daemon's worth of plan, leases and events.
#pragma once

#include <gtest/gtest.h>

#include "api/endpoints.h"

namespace slipway::api::testing {

inline const Instant noon = from_unix_seconds(1704196800);
inline MacAddress mac(int last) {
  return {{0x52, 0x54, 0, 0, 0, static_cast<std::uint8_t>(last)}};
}

inline model::Image image(std::string id_digit, std::string version) {
  model::Image made;
  made.id = std::string(64, id_digit[0]);
  made.version = std::move(version);
  made.files = {{"platform/i86pc/kernel/amd64/unix", 2000, std::string(64, 'a'), std::string(40, 'b')},
                {"platform/i86pc/amd64/boot_archive", 3000, std::string(64, 'c'), std::string(40, 'd')},
                {"platform/i86pc/amd64/boot_archive.hash", 40, std::string(64, 'e'), std::string(40, 'f')}};
  made.imported = noon;
  return made;
}

inline std::shared_ptr<const model::Plan> plan() {
  model::Draft draft;
  draft.server.interfaces = {"eth1"};
  model::Subnet subnet;
  subnet.network = *Prefix::parse("10.0.0.0/24");
  subnet.pools = {{{*Ipv4::parse("10.0.0.100"), *Ipv4::parse("10.0.0.109")}, "", {}}};
  draft.subnets = {subnet};
  model::Machine node1, node2;
  node1.name = "node1";
  node1.macs = {mac(1), mac(2)};
  node1.address = Ipv4::parse("10.0.0.20");
  node2.name = "node2";
  node2.macs = {mac(3)};
  model::Machine board, by_id;  // neither names a MAC address
  board.name = "board";
  board.uuid = Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef");
  board.address = Ipv4::parse("10.0.0.51");
  by_id.name = "by-id";
  by_id.client_id = {1, 2, 3};
  draft.machines = {node1, node2, board, by_id};
  auto built = model::Plan::build(draft, {image("1", "20240101T000000Z"), image("2", "20240102T000000Z")});
  if (!built) {
    for (const Problem& problem : built.error().problems) ADD_FAILURE() << problem.to_string();
    std::abort();
  }
  return *built;
}

inline lease::Lease lease(const MacAddress& holder, const char* address, Instant expires) {
  lease::Lease made;
  made.address = *Ipv4::parse(address);
  made.client = lease::ClientKey::of_mac(holder);
  made.mac = holder;
  made.subnet = *Prefix::parse("10.0.0.0/24");
  made.granted = noon - std::chrono::hours(1);
  made.expires = expires;
  return made;
}

/// The older image was assigned to node1, then the newer one, and it is to boot the older one once.
inline assign::State assigned() {
  assign::State state;
  const model::Assignee node1{model::Assignee::Kind::machine, "node1"};
  const model::Image older = image("1", "20240101T000000Z"), newer = image("2", "20240102T000000Z");
  for (auto& [number, each] : {std::pair<std::uint64_t, const model::Image*>{1, &older}, {2, &newer}}) {
    assign::HistoryEntry entry;
    entry.number = number;
    entry.to = node1;
    entry.image = each->id;
    entry.version = each->version;
    entry.before = number - 1;
    assign::apply(state, entry);
    assign::apply(state, model::Assignment{node1, each->kind, each->id, each->version, noon, number});
  }
  model::BootOnce once;
  once.machine = "node1";
  once.number = 1;
  once.image = older.id;
  once.image_version = older.version;
  assign::apply(state, once);
  return state;
}

/// node1 booted just now with 10.0.0.20; a stranger, mac(9), holds 10.0.0.100; 10.0.0.101 ran out.
struct Daemon {
  Daemon() {
    book.load({lease(mac(1), "10.0.0.20", noon + std::chrono::hours(1)),
               lease(mac(9), "10.0.0.100", noon + std::chrono::hours(1)),
               lease(mac(8), "10.0.0.101", noon - std::chrono::minutes(1))},
              noon);
    record(timeline::Kind::dhcp_discover, mac(1));
    record(timeline::Kind::dhcp_offer, mac(1), "10.0.0.20");
  }

  const timeline::Event& record(timeline::Kind kind, const MacAddress& machine,
                                const char* address = "0.0.0.0") {
    timeline::Event event;
    event.at = noon - std::chrono::seconds(2);
    event.kind = kind;
    event.machine = machine;
    event.address = *Ipv4::parse(address);
    event.stage = model::Stage::pxe_rom;
    event.arch = model::Arch::bios;
    return timeline.record(std::move(event));
  }

  World world() {
    return {
        .plan = [this] { return current; },
        .now = [this] { return now; },
        .book = book,
        .timeline = timeline,
        .assignments = state,
        .metrics = metrics,
        .version = "0.1",
        .started = noon - std::chrono::hours(2),
        .not_ready = [this] { return not_ready; },
        .foreign_servers = [this] { return foreign_servers; },
        .missing_loaders = [this] { return missing_loaders; },
        .loaders = [this] { return loaders; },
        .refresh_images = [this]() -> Result<std::string, Fault> {
          ++refreshed;
          return std::string("3 images");
        },
        .reload = [this]() -> Result<std::string, Problems> {
          if (!problems.empty()) return problems;
          return std::string("reloaded");
        },
        .release_lease = [this](Ipv4 address) -> Result<std::string, Fault> {
          released.push_back(address);
          return "releasing " + address.to_string();
        },
        .import_leases =
            [this](std::vector<migrate::ForeignLease> leases, std::function<void(LeaseImportResult)> done) {
              LeaseImportResult result;
              for (const migrate::ForeignLease& lease : leases) {
                result.leases.push_back({lease.address.to_string(), "imported", ""});
                imported.push_back(lease);
              }
              done(result);
            },
        .commit_assignments = [this](const assign::Changes& changes,
                                     const std::string&) -> Result<void, Fault> {
          if (!disk_fault.what.empty()) return disk_fault;
          for (const assign::Change& change : changes) assign::apply(state, change);
          current = current->with_assignments(std::make_shared<const model::Assignments>(state.assignments));
          return {};
        },
        .base_of = [](const model::Machine*) { return boot::Base{*Ipv4::parse("10.0.0.1")}; },
        .interface_of = [](const model::Subnet&) { return std::string("eth1"); },
        .access = access,
        .keep_token = [this](const model::Token& token) -> Result<void, Fault> {
          if (!disk_fault.what.empty()) return disk_fault;
          access.tokens.push_back(token);
          return {};
        },
        .revoke_token = [this](const std::string& name) -> Result<void, Fault> {
          std::erase_if(access.tokens, [&](const model::Token& token) { return token.name == name; });
          return {};
        },
        .note_change =
            [this](model::AuditEntry entry) {
              entry.number = access.audit.size() + 1;
              access.audit.push_back(std::move(entry));
            },
        .warn = [this](const std::string& line) { warnings.push_back(line); },
        .account = {990, 991}};
  }

  std::shared_ptr<const model::Plan> current = plan();
  lease::Book book;
  timeline::Timeline timeline;
  assign::State state;
  Fault disk_fault;  ///< not empty: nothing can be made durable
  Instant now = noon;
  model::Access access;
  std::vector<std::string> warnings;
  Metrics metrics;
  std::string not_ready;
  std::vector<ForeignServerView> foreign_servers;
  Problems missing_loaders;
  boot::Loaders loaders;
  Problems problems;
  int refreshed = 0;
  std::vector<Ipv4> released;
  std::vector<migrate::ForeignLease> imported;
};

}  // namespace slipway::api::testing
