// SPDX-License-Identifier: MPL-2.0
#include "server/daemon.h"

#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include "api/names.h"
#include "base/version.h"
#include "net/abilities.h"
#include "server/daemon_parts.h"
#include "server/descriptors.h"
#include "server/privileges.h"

namespace slipway::server {
namespace {

constexpr std::chrono::milliseconds boots_looked_at_every{250};

constexpr std::chrono::seconds stop_grace{30};  // for transfers; a second signal ends them

std::string socket_folder(const model::ServerSettings& server) {
  return std::filesystem::path(server.socket).parent_path();
}

void prepare_state(const model::ServerSettings& server) {
  auto in_state = [&](std::string_view name) { return fmt::format("{}/{}", server.state, name); };
  give_to(server.user, {server.state, in_state("images"), in_state("loaders"), in_state("files")},
          {in_state("slipway.db"), in_state("slipway.db-wal"), in_state("slipway.db-shm"),
           in_state("slipway.db.lock"), in_state("webhooks.db"), in_state("webhooks.db-wal"),
           in_state("webhooks.db-shm")});
  // One that is there already, /run for example, keeps its owner.
  if (!std::filesystem::exists(socket_folder(server))) give_to(server.user, {socket_folder(server)}, {});
}

void warn_about(const Problems& problems, Log& log) {
  for (const Problem& problem : problems) {
    log->log(problem.severity == Severity::error ? spdlog::level::err : spdlog::level::warn, "{}; {}",
             problem.what, problem.remedy);
  }
}

}  // namespace

Daemon::Daemon(const std::string& config_path) : parts_(std::make_unique<Parts>(config_path)) {
  Parts& p = *parts_;
  const model::ServerSettings& server = p.plan()->server();
  p.log->info("slipwayd {} starts with {}", version, config_path);
  for (const Problem& problem : p.prepare_tls(*p.plan())) throw StartupError(problem.to_string());
  p.use_tls();  // keys and secrets are read while we may read everything
  for (const Problem& problem : p.webhooks.prepare(*p.plan())) throw StartupError(problem.to_string());
  make_room_for(transfer_loop_count() * TransferLoop::most_clients(), p.log);
  prepare_state(server);
  become(server.user);  // it may still bind low ports and ask for large buffers
  require_access(server.state);
  require_access(socket_folder(server));
  p.open_lease_store();
  p.open_assignments();
  p.open_access();
  p.webhooks.use(server.state);
  p.open_uploads();
  {
    PortRights rights;
    p.bind_boot_plane();
  }
  settle();
  p.open_api();
  p.watch();
  warn_about(p.missing_loaders(), p.log);
  for (const Problem& problem : boot_errors(*p.plan())) p.log->error("{}", problem.to_string());
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

void Daemon::Parts::watch() {
  boot_timer.after(boots_looked_at_every);
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
  boots.hear(recorded);
  if (recorded.meant) strangers.add();
  if (api) api->publish(recorded);
  if (assignments) assignments->hear(recorded, *plan(), timeline);
  up_watch.hear(recorded, timeline);
}

void Daemon::Parts::look_at_boots() {
  boots.look(reactor.now().wall);
  boot_timer.after(boots_looked_at_every);
}

void Daemon::Parts::tell_end(const timeline::Boot& boot, bool failed) {
  Instant now = reactor.now().wall;
  const model::Machine* named = api::Names(*plan(), timeline).machine(boot.machine);
  event_log.tell_end(boot, failed, named != nullptr, now);
  webhooks.tell(boot, failed, named, now);
  if (!failed && assignments) assignments->came_up(boot, now, *plan(), timeline);
}

}  // namespace slipway::server
