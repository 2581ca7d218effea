// SPDX-License-Identifier: MPL-2.0
#include <fmt/format.h>

#include "assign/succession.h"
#include "boot/plan_check.h"
#include "model/ground_check.h"
#include "server/daemon_parts.h"

namespace slipway::server {

Problems boot_errors(const model::Plan& plan) {
  Problems problems = boot::check_arguments(plan);
  std::erase_if(problems, [](const Problem& problem) { return problem.severity != Severity::error; });
  return problems;
}

Problems ground_problems(const model::Plan& plan) {
  try {
    return model::check_ground(plan, model::local_interfaces(net::list_interfaces()), net::neighbour_limit());
  } catch (const StartupError& error) {  // out of descriptors, say: no reason for a running server to end
    return {{plan.server().place, error.what(), ""}};
  }
}

/// Both pairs are read before either is used.
Problems Daemon::Parts::prepare_tls(const model::Plan& plan) {
  Problems problems;
  auto prepare = [&](TlsIdentity& identity, const std::string& certificate, const std::string& key,
                     const Place& certificate_place, const Place& key_place) {
    auto fault = identity.prepare(certificate, key);
    if (!fault) return;
    bool of_key = fault->file == http::TlsFault::File::key;
    problems.push_back({of_key ? key_place : certificate_place, fault->what, fault->remedy, Severity::error});
  };
  const model::ServerSettings& server = plan.server();
  const model::ApiSettings& remote = plan.api();
  prepare(tls, server.tls_certificate, server.tls_key, place_of(server, "tls-certificate"),
          place_of(server, "tls-key"));
  prepare(api_tls, remote.certificate, remote.key, place_of(remote, "certificate"), place_of(remote, "key"));
  return problems;
}

void Daemon::Parts::use_tls() {
  tls.use();
  api_tls.use();
  if (api) api->identify(api_tls.context());
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

/// Assignments go by names, which the file gives and takes away. How many are nobody's by now.
std::size_t Daemon::Parts::follow_names() {
  assign::Changes changes = assign::succession(assignments->state(), *plan());
  if (!changes.empty()) {
    if (auto done = assignments->commit(changes); !done) log->error("{}", done.error().sentence());
  }
  source.use(assignments->snapshot());
  Problems nobodys = assign::ownerless(assignments->state(), *plan());
  for (const Problem& problem : nobodys) log->warn("{}", problem.to_string());
  return nobodys.size();
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
    for (Problem& problem : prepare_tls(wanted)) found.push_back(std::move(problem));
    for (Problem& problem : webhooks.prepare(wanted)) found.push_back(std::move(problem));
    for (Problem& problem : boot_errors(wanted)) found.push_back(std::move(problem));
    return found;
  });
  for (const Problem& problem : problems) log->error("{}", problem.to_string());
  if (!problems.empty()) {
    log->error("the configuration that runs is kept");
    record({.kind = timeline::Kind::plan_refused, .detail = problems.front().to_string()});
    return problems;
  }
  log->info("configuration read again");
  use_tls();
  try {
    webhooks.use(plan()->server().state);
  } catch (const StartupError& error) {  // no reason for a running server to end
    log->error("webhooks are not in force: {}", error.what());
  }
  std::size_t nobodys = follow_names();
  publish();
  dhcp->look_for_servers();
  look_at_interfaces();
  return fmt::format(
      "the new configuration is in force (subnets: {}, machines: {}){}", plan()->subnets().size(),
      plan()->machines().size(),
      nobodys == 0 ? ""
                   : fmt::format("; assignments to whom it does not name: {}, see `slipway check`", nobodys));
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
