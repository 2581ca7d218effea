// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "base/version.h"
#include "boot/loader_check.h"
#include "net/abilities.h"
#include "server/daemon_parts.h"
#include "server/lease_import.h"
#include "server/loaders_here.h"
#include "server/own_address.h"

namespace slipway::server {
namespace {

constexpr std::size_t event_box_capacity = 65536;

UploadLimits upload_limits(const model::ServerSettings& server) {
  UploadLimits limits;
  limits.file = std::uint64_t{server.tftp_write_size} << 20;
  limits.all = std::uint64_t{server.tftp_write_total} << 20;
  limits.overwrite = server.tftp_write_over;
  return limits;
}

/// Throws what keeps us from serving, logs what only deserves a word.
std::vector<net::Interface> checked_interfaces(const model::Plan& plan, Log& log) {
  for (const Problem& problem : ground_problems(plan)) {
    if (problem.severity == Severity::error) throw StartupError(problem.to_string());
    log->warn("{}", problem.to_string());
  }
  return net::list_interfaces();
}

std::vector<api::ForeignServerView> foreign_server_views(const dhcp::ForeignServers& servers) {
  std::vector<api::ForeignServerView> views;
  for (const dhcp::ServerNews& known : servers.standing()) {
    const dhcp::ForeignServer& server = known.server;
    api::ForeignServerView& view = views.emplace_back();
    view.interface = server.interface;
    view.address = server.address.to_string();
    view.mac = server.station.to_string();
    view.gives_addresses = server.gives_addresses;
    view.yielded_to = known.what == dhcp::ServerNews::What::yielded_to;
    if (!server.offered.is_any()) view.offered = server.offered.to_string();
    view.first_seen = server.first;
    view.last_seen = server.last;
    view.sentence = dhcp::sentence(known);
  }
  return views;
}

}  // namespace

unsigned transfer_loop_count() {
  if (!net::spreads_ports()) return 1;
  return std::max(2u, std::thread::hardware_concurrency()) - 1;
}

std::uint64_t boots_before_start() {
  using std::chrono::microseconds;
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<microseconds>(now).count());
}

Daemon::Parts::Parts(const std::string& config_path)
    : source(config_path),
      log(make_log(plan()->server().log_level, metrics)),
      event_log(log, metrics),
      interfaces(checked_interfaces(*plan(), log)),
      events(event_box_capacity),
      monitor(reactor, [this] { look_at_interfaces(); }) {}

/// What a former run promised is known before the first packet is read.
void Daemon::Parts::open_lease_store() {
  store = std::make_unique<store::SqliteStore>(plan()->server().state);
  auto leases = store->load();
  if (!leases) throw StartupError("the lease store cannot be read: " + leases.error().sentence());
  log->info("{} leases known", leases->size());
  // What is for one machine alone goes to its address, also when the machine asked a former run for it.
  for (const lease::Lease& lease : *leases) {
    if (lease.runs(reactor.now().wall)) clients.learn_given({.mac = lease.mac, .address = lease.address});
  }
  book.load(std::move(*leases), reactor.now().wall);
  committer = std::make_unique<store::Committer>(*store, metrics);
}

void Daemon::Parts::open_assignments() {
  assignment_store = std::make_unique<store::AssignmentStore>(plan()->server().state);
  auto changed = [this] {
    source.use(assignments->snapshot());
    hand_out_plan();
  };
  assignments = std::make_unique<AssignmentKeeper>(reactor, *assignment_store, log, changed);
  follow_names();
}

void Daemon::Parts::open_access() {
  access_store = std::make_unique<store::AccessStore>(plan()->server().state);
  access = std::make_unique<AccessKeeper>(reactor, *access_store, log);
}

void Daemon::Parts::open_uploads() {
  const model::ServerSettings& server = plan()->server();
  if (!server.tftp_write.empty())
    uploads = std::make_unique<UploadFolder>(server.tftp_write, upload_limits(server));
}

void Daemon::Parts::bind_boot_plane() {
  auto tell = [this](timeline::Event&& event) { record(std::move(event)); };
  timeline.prefer([this](const MacAddress& machine) { return plan()->machine(machine) != nullptr; });
  auto call = [this](const MacAddress& machine, std::string_view name) { timeline.call(machine, name); };
  dhcp = std::make_unique<DhcpService>(
      DhcpService::Parts{reactor, book, *committer, clients, metrics, log, tell, call}, plan(), interfaces);
  routers =
      std::make_unique<RouterService>(RouterService::Parts{reactor, metrics, log, tell}, plan(), interfaces);
  bandwidths = std::make_shared<Bandwidths>(*plan(), nullptr);
  unsigned loops = transfer_loop_count();
  for (unsigned i = 0; i < loops; ++i) {
    TransferLoop::Parts parts{source.images(), clients, events, metrics, uploads.get()};
    transfer.push_back(std::make_unique<TransferLoop>(parts, serving(), interfaces, loops > 1));
  }
}

/// What the transfer loops go by from here on.
Serving Daemon::Parts::serving() {
  return {plan(), bandwidths, tls.context()};
}

Problems Daemon::Parts::missing_loaders() {
  return boot::missing_loaders(*plan(),
                               [](const std::string& path) { return ::access(path.c_str(), R_OK) == 0; });
}

void Daemon::Parts::open_api() {
  api::World world{
      .plan = [this] { return plan(); },
      .now = [this] { return reactor.now().wall; },
      .book = book,
      .timeline = timeline,
      .assignments = assignments->state(),
      .metrics = metrics,
      .version = version,
      .started = reactor.now().wall,
      .not_ready =
          [this] { return ready          ? std::string()
                          : draining > 0 ? "it is stopping"
                                         : "it is still starting"; },
      .foreign_servers = [this] { return foreign_server_views(dhcp->other_servers()); },
      .missing_loaders = [this] { return missing_loaders(); },
      .loaders = [this] { return loaders_here(*plan()); },
      .refresh_images = [this] { return refresh_images(); },
      .reload = [this] { return reload(); },
      .release_lease = [this](Ipv4 address) { return release_lease(address); },
      .import_leases =
          [this](auto leases, auto done) {
            import_leases(*plan(), book, *dhcp, reactor.now().wall, leases, std::move(done));
          },
      .commit_assignments = [this](auto& changes,
                                   auto& sentence) { return commit_assignments(changes, sentence); },
      .base_of = [this](const model::Machine* machine) { return base_of(*plan(), machine, interfaces); },
      .interface_of =
          [this](const model::Subnet& subnet) { return interface_of(*plan(), subnet, interfaces); },
      .access = access->access(),
      .keep_token = [this](const model::Token& token) { return access->keep(token); },
      .revoke_token = [this](const std::string& name) { return access->revoke(name); },
      .note_change = [this](model::AuditEntry entry) { access->note(std::move(entry)); },
      .warn = [this](const std::string& line) { log->warn("{}", line); },
      .account = {::geteuid(), ::getegid()}};
  api = std::make_unique<ApiService>(reactor, metrics, std::move(world), plan()->server().socket);
  api->listen(plan()->api().listen, api_tls.context());
}

}  // namespace slipway::server
