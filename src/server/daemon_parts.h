// SPDX-License-Identifier: MPL-2.0
// The parts of the daemon and what joins them: started in daemon_open.cc, changed in daemon_change.cc, run in
// daemon.cc. Private to these three. Thread: control.
#pragma once

#include "model/plan.h"
#include "net/interface_monitor.h"
#include "net/interfaces.h"
#include "net/reactor.h"
#include "server/access_keeper.h"
#include "server/api_service.h"
#include "server/assignment_keeper.h"
#include "server/boot_watch.h"
#include "server/daemon.h"
#include "server/dhcp_service.h"
#include "server/event_log.h"
#include "server/plan_source.h"
#include "server/router_service.h"
#include "server/tls_identity.h"
#include "server/transfer_loop.h"
#include "server/up_watch.h"
#include "server/upload_folder.h"
#include "server/webhooks.h"
#include "store/access_store.h"
#include "store/assignment_store.h"
#include "store/sqlite_store.h"
#include "timeline/timeline.h"

namespace slipway::server {

/// How many loops send boot files.
unsigned transfer_loop_count();
/// Boots are numbered from here on. The time in microseconds: no former life of the daemon began so many
/// boots that it came this far, and it is a whole number to every reader of JSON.
std::uint64_t boots_before_start();
/// What of the plan does not fit this machine.
Problems ground_problems(const model::Plan& plan);
/// What no loader could start, whatever else is there.
Problems boot_errors(const model::Plan& plan);

/// In order of construction; destroyed in reverse, so that whoever tells stops before who is told.
struct Daemon::Parts {
  explicit Parts(const std::string& config_path);

  const std::shared_ptr<const model::Plan>& plan() const { return source.plan(); }

  PlanSource source;
  Metrics metrics;
  Log log;
  EventLog event_log;
  std::vector<net::Interface> interfaces;
  TlsIdentity tls, api_tls;
  Webhooks webhooks{metrics, log};
  std::shared_ptr<const Bandwidths> bandwidths;
  KnownClients clients;
  timeline::Timeline timeline{{}, boots_before_start()};
  Counter& strangers = metrics.counter(
      "slipway_strangers_total", {},
      "Events of files asked for under a machine's name from an address that is not known as its.");
  BootWatch boots{timeline, metrics, [this](auto& boot, bool failed) { tell_end(boot, failed); }};
  lease::Book book;
  EventBox events;
  net::Reactor reactor;
  net::InterfaceMonitor monitor;
  std::unique_ptr<store::SqliteStore> store;
  std::unique_ptr<store::Committer> committer;
  std::unique_ptr<store::AssignmentStore> assignment_store;
  std::unique_ptr<AssignmentKeeper> assignments;
  std::unique_ptr<store::AccessStore> access_store;
  std::unique_ptr<AccessKeeper> access;
  std::unique_ptr<DhcpService> dhcp;
  std::unique_ptr<RouterService> routers;
  std::unique_ptr<UploadFolder> uploads;  // none unless the operator opened one
  std::vector<std::unique_ptr<TransferLoop>> transfer;
  std::unique_ptr<ApiService> api;
  UpWatch up_watch{reactor, [this](timeline::Event&& event) { record(std::move(event)); }};
  net::Watch event_watch;
  net::Timer boot_timer{reactor, [this] { look_at_boots(); }};
  bool ready = false;
  std::size_t draining = 0;  ///< loops whose transfers have not ended; not 0: we are stopping

  /// In daemon_open.cc: the order of things at the start.
  void open_lease_store();
  void open_assignments();
  void open_access();
  void open_uploads();
  /// In daemon_change.cc: what changes while it runs.
  Problems prepare_tls(const model::Plan& plan);
  void use_tls();
  void bind_boot_plane();
  Serving serving();
  Problems missing_loaders();
  void open_api();
  void watch();
  void wind_down();
  void record(timeline::Event&& event);
  void look_at_boots();
  void tell_end(const timeline::Boot& boot, bool failed);
  void hand_out_plan();
  void publish();
  std::size_t follow_names();
  Result<void, Fault> commit_assignments(const assign::Changes& changes, const std::string& sentence);
  Result<std::string, Problems> reload();
  Result<std::string, Fault> refresh_images();
  Result<std::string, Fault> release_lease(Ipv4 address);
  void look_at_interfaces();
};

}  // namespace slipway::server
