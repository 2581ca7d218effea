// SPDX-License-Identifier: MPL-2.0
// slipway check: everything that can be said about a configuration before a machine asks.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "assign/succession.h"
#include "boot/loader_check.h"
#include "boot/plan_check.h"
#include "cli/daemon_account.h"
#include "cli/loaders_here.h"
#include "cli/problems_json.h"
#include "cli/script_context.h"
#include "cli/verbs.h"
#include "config/config.h"
#include "http/tls_context.h"
#include "image/store.h"
#include "model/ground_check.h"
#include "net/abilities.h"
#include "net/interfaces.h"
#include "store/assignment_store.h"

namespace slipway::cli {
namespace {

/// For us, whoever we are in the meantime.
bool exists(const std::string& path) {
  return ::access(path.c_str(), R_OK) == 0;
}

using Loaded = Result<std::shared_ptr<const model::Plan>, model::PlanErrors>;

/// Every file that it names as slipwayd reads it. `draft`: it is not the one in use, and may lie where only
/// its author reads.
Loaded load_as_daemon(const std::string& file, bool draft, Problems& problems) {
  Loaded ours = config::load(file, {});
  if (!ours) return ours;
  const std::string& user = (*ours)->server().user;
  DaemonAccount account(user);
  if (!account.taken()) return ours;
  Loaded theirs = config::load(file, {});
  if (theirs) return theirs;
  if (!draft)
    problems.push_back(
        {{file, 0, 0},
         fmt::format("account '{}', which slipwayd runs as, cannot read {}", user, file),
         fmt::format("chgrp {} {}, chmod g+r, and see `namei -l` for the folders on the way", user, file),
         Severity::error});
  return ours;
}

/// A pair that is here and cannot be used is wrong anywhere; one that we cannot read may be in order.
void check_pair(const std::string& certificate, const std::string& key, const Place& certificate_place,
                const Place& key_place, const std::string& user, Problems& problems) {
  if (certificate.empty()) return;
  DaemonAccount account(user);
  auto loaded = http::TlsContext::load(certificate, key);
  if (loaded) return;
  const http::TlsFault& fault = loaded.error();
  bool of_key = fault.file == http::TlsFault::File::key;
  std::string what = fault.what + (account.taken() ? fmt::format(" (read as account '{}')", user) : "");
  problems.push_back({of_key ? key_place : certificate_place, std::move(what), fault.remedy,
                      exists(of_key ? key : certificate) ? Severity::error : Severity::warning});
}

/// What slipwayd opens at its start, and does not start without. The file may be meant for another machine.
void check_files(const model::Plan& plan, Problems& problems) {
  auto need = [&](const std::string& path, const Place& place, std::string_view what) {
    if (path.empty() || exists(path)) return;
    problems.push_back({place, fmt::format("{} {} cannot be opened: {}", what, path, std::strerror(errno)),
                        "slipwayd does not start without it", Severity::warning});
  };
  for (const model::Webhook& webhook : plan.webhooks()) {
    need(webhook.secret_file, place_of(webhook, "secret-file"), "the webhook's secret");
    need(webhook.authority, place_of(webhook, "authority"), "the webhook's authority");
  }
  need(plan.server().tftp_write, place_of(plan.server(), "tftp-write"), "the folder");
}

void check_tls(const model::Plan& plan, Problems& problems) {
  const model::ServerSettings& server = plan.server();
  const model::ApiSettings& api = plan.api();
  check_pair(server.tls_certificate, server.tls_key, place_of(server, "tls-certificate"),
             place_of(server, "tls-key"), server.user, problems);
  check_pair(api.certificate, api.key, place_of(api, "certificate"), place_of(api, "key"), server.user,
             problems);
}

/// What keeps the daemon from starting here is only a warning: the file may be meant for another machine.
void check_this_machine(const model::Plan& plan, Problems& problems) {
  for (Problem problem :
       model::check_ground(plan, model::local_interfaces(net::list_interfaces()), net::neighbour_limit())) {
    problem.severity = Severity::warning;
    problems.push_back(std::move(problem));
  }
  if (auto missing = net::what_is_missing(); !missing.empty())
    problems.push_back({plan.server().place, std::string(missing), "", Severity::warning});
  check_tls(plan, problems);
  check_files(plan, problems);
  const std::string& user = plan.server().user;
  if (user != "root" && ::getpwnam(user.c_str()) == nullptr) {
    problems.push_back(
        {place_of(plan.server(), "user"),
         fmt::format("there is no account '{}' on this machine for slipwayd to run as", user),
         fmt::format("make it with `useradd --system --no-create-home {}`, or name another as server.user",
                     user),
         Severity::warning});
  }
}

int print(const Context& context, const Problems& problems, const std::string& file) {
  if (context.json) {
    print_line(problems_json(file, problems));
    return has_errors(problems) ? exit_failed : exit_ok;
  }
  for (const Problem& problem : problems) fmt::print("{}\n", problem.to_string());
  if (has_errors(problems)) return exit_failed;
  fmt::print("{}: in order{}\n", file, problems.empty() ? "" : ", with warnings");
  return exit_ok;
}

}  // namespace

int check(const Context& context, const std::string& named) {
  std::string file = named.empty() ? context.config : named;
  Problems problems;
  auto first = load_as_daemon(file, !named.empty(), problems);
  if (!first) return print(context, first.error().problems, file);
  image::Store::Listing stored = image::Store((*first)->server().state).list();
  auto assigned = store::read_assignments((*first)->server().state);
  auto plan = (*first)->with_images(std::move(stored.images), std::move(stored.damaged));
  if (assigned) {
    plan = plan->with_assignments(std::make_shared<const model::Assignments>(assigned->assignments));
    std::ranges::move(assign::ownerless(*assigned, *plan), std::back_inserter(problems));
  }
  for (Problem& missing : boot::missing_loaders(*plan, exists)) {
    missing.place.file = file;
    problems.push_back(std::move(missing));
  }
  if (!assigned)
    problems.push_back({{file, 0, 0},
                        "checked without what is assigned: " + assigned.error().what,
                        assigned.error().remedy,
                        Severity::warning});
  for (Problem& broken : stored.problems) {
    broken.severity = Severity::warning;  // the file is none the worse for it
    problems.push_back(std::move(broken));
  }
  check_this_machine(*plan, problems);
  std::ranges::move(boot::check_plan(*plan, loaders_here(plan->server()),
                                     [&](auto& client) { return script_context(*plan, client); }),
                    std::back_inserter(problems));
  return print(context, problems, file);
}

}  // namespace slipway::cli
