// SPDX-License-Identifier: MPL-2.0
#include "server/daemon.h"

#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <unistd.h>

#include "base/version.h"
#include "boot/loader_check.h"
#include "model/ground_check.h"
#include "net/abilities.h"
#include "net/interface_monitor.h"
#include "server/api_service.h"
#include "server/assignment_keeper.h"
#include "server/descriptors.h"
#include "server/dhcp_service.h"
#include "server/event_log.h"
#include "server/lease_import.h"
#include "server/own_address.h"
#include "server/plan_source.h"
#include "server/privileges.h"
#include "server/router_service.h"
#include "server/tls_identity.h"
#include "server/transfer_loop.h"
#include "server/upload_folder.h"
#include "store/assignment_store.h"
#include "store/sqlite_store.h"
#include "timeline/timeline.h"

namespace slipway::server {
namespace {

constexpr std::size_t event_box_capacity = 65536;
constexpr std::chrono::seconds stop_grace{30};  // for transfers; a second signal ends them

UploadLimits upload_limits(const model::ServerSettings& server) {
  UploadLimits limits;
  limits.file = std::uint64_t{server.tftp_write_size} << 20;
  limits.all = std::uint64_t{server.tftp_write_total} << 20;
  limits.overwrite = server.tftp_write_over;
  return limits;
}

unsigned transfer_loop_count() {
  if (!net::spreads_ports()) return 1;
  return std::max(2u, std::thread::hardware_concurrency()) - 1;
}

/// What of the plan does not fit this machine.
Problems ground_problems(const model::Plan& plan) {
  try {
    return model::check_ground(plan, model::local_interfaces(net::list_interfaces()), net::neighbour_limit());
  } catch (const StartupError& error) {  // out of descriptors, say: no reason for a running server to end
    return {{plan.server().place, error.what(), ""}};
  }
}

/// Throws what keeps us from serving, logs what only deserves a word.
std::vector<net::Interface> checked_interfaces(const model::Plan& plan, Log& log) {
  for (const Problem& problem : ground_problems(plan)) {
    if (problem.severity == Severity::error) throw StartupError(problem.to_string());
    log->warn("{}", problem.to_string());
  }
  return net::list_interfaces();
}

std::string socket_folder(const model::ServerSettings& server) {
  return std::filesystem::path(server.socket).parent_path();
}

void prepare_state(const model::ServerSettings& server) {
  auto in_state = [&](std::string_view name) { return fmt::format("{}/{}", server.state, name); };
  give_to(server.user, {server.state, in_state("images"), in_state("loaders"), in_state("files")},
          {in_state("slipway.db"), in_state("slipway.db-wal"), in_state("slipway.db-shm"),
           in_state("slipway.db.lock")});
  // One that is there already, /run for example, keeps its owner.
  if (!std::filesystem::exists(socket_folder(server))) give_to(server.user, {socket_folder(server)}, {});
}

bool is_readable(const std::string& path) {
  return ::access(path.c_str(), R_OK) == 0;
}

void warn_about_loaders(const model::Plan& plan, Log& log) {
  for (const Problem& problem : boot::missing_loaders(plan, is_readable)) {
    log->log(problem.severity == Severity::error ? spdlog::level::err : spdlog::level::warn, "{}; {}",
             problem.what, problem.remedy);
  }
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

/// In order of construction; destroyed in reverse, so that whoever tells stops before who is told.
struct Daemon::Parts {
  explicit Parts(const std::string& config_path)
      : source(config_path),
        log(make_log(plan()->server().log_level)),
        event_log(log),
        interfaces(checked_interfaces(*plan(), log)),
        events(event_box_capacity),
        monitor(reactor, [this] { look_at_interfaces(); }) {}

  const std::shared_ptr<const model::Plan>& plan() const { return source.plan(); }

  PlanSource source;
  Log log;
  EventLog event_log;
  Metrics metrics;
  std::vector<net::Interface> interfaces;
  TlsIdentity tls;
  std::shared_ptr<const Bandwidths> bandwidths;
  KnownClients clients;
  timeline::Timeline timeline;
  lease::Book book;
  EventBox events;
  net::Reactor reactor;
  net::InterfaceMonitor monitor;
  std::unique_ptr<store::SqliteStore> store;
  std::unique_ptr<store::Committer> committer;
  std::unique_ptr<store::AssignmentStore> assignment_store;
  std::unique_ptr<AssignmentKeeper> assignments;
  std::unique_ptr<DhcpService> dhcp;
  std::unique_ptr<RouterService> routers;
  std::unique_ptr<UploadFolder> uploads;  // none unless the operator opened one
  std::vector<std::unique_ptr<TransferLoop>> transfer;
  std::unique_ptr<ApiService> api;
  net::Watch event_watch;
  bool ready = false;
  std::size_t draining = 0;  ///< loops whose transfers have not ended; not 0: we are stopping

  void open_lease_store();
  void open_assignments();
  void open_uploads();
  void bind_boot_plane();
  Serving serving();
  void open_api();
  void watch();
  void wind_down();
  void record(timeline::Event&& event);
  void hand_out_plan();
  void publish();
  Result<void, Fault> commit_assignments(const assign::Changes& changes, const std::string& sentence);
  Result<std::string, Problems> reload();
  Result<std::string, Fault> refresh_images();
  Result<std::string, Fault> release_lease(Ipv4 address);
  void look_at_interfaces();
};

Daemon::Daemon(const std::string& config_path) : parts_(std::make_unique<Parts>(config_path)) {
  Parts& p = *parts_;
  const model::ServerSettings& server = p.plan()->server();
  p.log->info("slipwayd {} starts with {}", version, config_path);
  for (const Problem& problem : p.tls.prepare(server)) throw StartupError(problem.to_string());
  p.tls.use();  // the key is read while we may read everything
  make_room_for(transfer_loop_count() * TransferLoop::most_clients(), p.log);
  prepare_state(server);
  become(server.user);  // it may still bind low ports and ask for large buffers
  require_access(server.state);
  require_access(socket_folder(server));
  p.open_lease_store();
  p.open_assignments();
  p.open_uploads();
  {
    PortRights rights;
    p.bind_boot_plane();
  }
  settle();
  p.open_api();
  p.watch();
  warn_about_loaders(*p.plan(), p.log);
  if (auto missing = net::what_is_missing(); !missing.empty()) p.log->warn("{}", missing);
  for (const Problem& problem : p.source.image_problems()) p.log->error("{}", problem.to_string());
  if (p.plan()->images().empty())
    p.log->warn("no image yet: machines will be told so; `slipway image import FILE` brings one");
}

Daemon::~Daemon() = default;

void Daemon::run() {
  Parts& p = *parts_;
  p.committer->start();
  for (auto& loop : p.transfer) loop->start();
  p.record({.at = p.reactor.now().wall, .kind = timeline::Kind::server_started, .detail = version});
  p.ready = true;
  p.log->info("ready on {}", fmt::format("{}", fmt::join(p.plan()->server().interfaces, ", ")));
  p.reactor.run();
  for (auto& loop : p.transfer) loop->stop();
  p.committer->stop();
}

/// What a former run promised is known before the first packet is read.
void Daemon::Parts::open_lease_store() {
  store = std::make_unique<store::SqliteStore>(plan()->server().state);
  auto leases = store->load();
  if (!leases) throw StartupError("the lease store cannot be read: " + leases.error().sentence());
  log->info("{} leases known", leases->size());
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
  source.use(assignments->snapshot());
}

void Daemon::Parts::open_uploads() {
  const model::ServerSettings& server = plan()->server();
  if (!server.tftp_write.empty())
    uploads = std::make_unique<UploadFolder>(server.tftp_write, upload_limits(server));
}

void Daemon::Parts::bind_boot_plane() {
  auto tell = [this](timeline::Event&& event) { record(std::move(event)); };
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
      .refresh_images = [this] { return refresh_images(); },
      .reload = [this] { return reload(); },
      .release_lease = [this](Ipv4 address) { return release_lease(address); },
      .import_leases =
          [this](auto leases, auto done) {
            import_leases(*plan(), book, *dhcp, reactor.now().wall, leases, std::move(done));
          },
      .commit_assignments = [this](auto& changes,
                                   auto& sentence) { return commit_assignments(changes, sentence); },
      .base_of = [this](const model::Machine* machine) { return base_of(*plan(), machine, interfaces); }};
  api = std::make_unique<ApiService>(reactor, metrics, std::move(world), plan()->server().socket);
}

void Daemon::Parts::watch() {
  event_watch = net::Watch(reactor, events.fd(), [this] {
    for (timeline::Event& event : events.drain()) record(std::move(event));
  });
  reactor.on_signal(SIGTERM, [this] { wind_down(); });
  reactor.on_signal(SIGINT, [this] { wind_down(); });
  reactor.on_signal(SIGHUP, [this] { reload(); });
}

/// DHCP goes on meanwhile: who waits for an address is not to be told about our end by silence.
void Daemon::Parts::wind_down() {
  if (draining > 0) return reactor.stop();
  log->info("stopping");
  ready = false;
  draining = transfer.size();
  auto drained = [this] {
    if (--draining == 0) reactor.stop();
  };
  for (auto& loop : transfer) loop->drain(stop_grace, [this, drained] { reactor.post(drained); });
}

void Daemon::Parts::record(timeline::Event&& event) {
  if (event.at == Instant{}) event.at = reactor.now().wall;
  const timeline::Event& recorded = timeline.record(std::move(event));
  event_log.tell(recorded);
  if (api) api->publish(recorded);
  if (assignments) assignments->hear(recorded, *plan(), timeline);
}

void Daemon::Parts::hand_out_plan() {
  dhcp->publish(plan());
  routers->publish(plan(), interfaces);
  bandwidths = std::make_shared<Bandwidths>(*plan(), bandwidths.get());
  for (auto& loop : transfer) loop->publish(serving());
}

/// Machines that run are not touched: what was decided is asked for when one boots.
Result<void, Fault> Daemon::Parts::commit_assignments(const assign::Changes& changes,
                                                      const std::string& sentence) {
  if (auto done = assignments->commit(changes); !done) {
    log->error("{}", done.error().sentence());
    return done;
  }
  source.use(assignments->snapshot());
  hand_out_plan();
  log->info("{}", sentence);
  record({.kind = timeline::Kind::note, .detail = sentence});
  return {};
}

void Daemon::Parts::publish() {
  hand_out_plan();
  record(
      {.kind = timeline::Kind::plan_published, .detail = fmt::format("images: {}", plan()->images().size())});
}

/// SIGHUP and `slipway reload`: the new file whole, or the old one and every reason why.
Result<std::string, Problems> Daemon::Parts::reload() {
  Problems problems = source.reload([this](const model::Plan& wanted) {
    Problems found = ground_problems(wanted);
    for (Problem& problem : tls.prepare(wanted.server())) found.push_back(std::move(problem));
    return found;
  });
  for (const Problem& problem : problems) log->error("{}", problem.to_string());
  if (!problems.empty()) {
    log->error("the configuration that runs is kept");
    record({.kind = timeline::Kind::plan_refused, .detail = problems.front().to_string()});
    return problems;
  }
  log->info("configuration read again");
  tls.use();
  publish();
  dhcp->look_for_servers();
  look_at_interfaces();
  return fmt::format("the new configuration is in force (subnets: {}, machines: {})",
                     plan()->subnets().size(), plan()->machines().size());
}

Result<std::string, Fault> Daemon::Parts::refresh_images() {
  source.refresh_images();
  for (const Problem& problem : source.image_problems()) log->error("{}", problem.to_string());
  publish();
  std::string served = fmt::format("images served: {}", plan()->images().size());
  log->info("{}", served);
  return served;
}

Result<std::string, Fault> Daemon::Parts::release_lease(Ipv4 address) {
  if (dhcp->forget(address)) return fmt::format("{} is free for others", address.to_string());
  return Fault{fmt::format("nothing is known of {}", address.to_string()),
               "`slipway lease list` shows what is"};
}

void Daemon::Parts::look_at_interfaces() {
  std::vector<net::Interface> now;
  try {
    now = net::list_interfaces();
  } catch (const StartupError& error) {  // out of descriptors, for example: no reason to stop serving
    log->error("{}; those known before are kept, `slipway reload` looks again", error.what());
    return;
  }
  if (now == interfaces) return;
  interfaces = std::move(now);
  log->info("the network interfaces changed");
  dhcp->use(interfaces);
  routers->use(interfaces);
  for (auto& loop : transfer) loop->listen_on(interfaces);
}

}  // namespace slipway::server
