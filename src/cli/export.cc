// SPDX-License-Identifier: MPL-2.0
// slipway export: for a site that keeps its own servers. The snippets go to standard output, the tree into a
// folder (export_tree.h).
#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "boot/loaders.h"
#include "cli/export_tree.h"
#include "cli/loaders_here.h"
#include "cli/progress.h"
#include "cli/script_context.h"
#include "cli/shelf.h"
#include "cli/verbs.h"
#include "exports/snippets.h"

namespace slipway::cli {
namespace {

/// With what is assigned, as the daemon serves it; orders for one boot are not for a tree that stays.
Result<std::shared_ptr<const model::Plan>, Fault> plan_as_served(const Context& context) {
  auto shelf = look(context);
  if (!shelf) return shelf.error();
  note_what_is_unknown(*shelf);
  auto standing = std::make_shared<model::Assignments>(shelf->plan->assignments());
  standing->clear_onces();
  return shelf->plan->with_assignments(std::move(standing));
}

Result<exports::Site, Fault> site_of(const model::Plan& plan, const ExportOptions& options) {
  exports::Site site;
  site.base = script_context(plan, {}).base;
  if (options.server.empty() && stand_in_for(plan, {}))
    return Fault{"no interface here has an address on the first subnet, and it has no next-server",
                 "say where the files will be: --server 10.99.99.250"};
  if (!options.server.empty()) {
    auto server = Ipv4::parse(options.server);
    if (!server)
      return Fault{fmt::format("'{}' is no IPv4 address", options.server), "write --server 10.99.99.250"};
    site.base.address = *server;
  }
  site.base.http_port = options.http_port;
  site.base.tftp_port = 69;
  site.base.by_tftp = options.only_tftp;
  for (const boot::Loader& loader : boot::known_loaders()) {
    if (!loader_path(plan.server(), loader.file).empty()) site.loaders.emplace_back(loader.file);
  }
  return site;
}

void print_notes(const model::Plan& plan, const exports::Site& site) {
  for (const std::string& note : exports::left_out(plan)) fmt::print(stderr, "note: left out: {}\n", note);
  if (exports::first_files(site).empty())
    fmt::print(stderr, "warning: no loader is installed here; install the Debian package ipxe\n");
}

/// Every loader's files are written, whichever of them the site will use.
void print_flaws(const exports::Tree& tree) {
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(most, tree.flaws.size()); ++i) {
    const exports::Flaw& flaw = tree.flaws[i];
    std::string more = flaw.files > 1 ? fmt::format(" and {} more", flaw.files - 1) : "";
    fmt::print(stderr, "warning: {}{}: {}\n", flaw.path, more,
               Fault{flaw.finding.sentence, flaw.finding.remedy}.sentence());
  }
  if (tree.flaws.size() > most) fmt::print(stderr, "and {} more; --json has all\n", tree.flaws.size() - most);
}

std::string to_json(const Exported& exported, const exports::Tree& tree) {
  boost::json::array refused;
  for (const exports::Refused& one : tree.refused)
    refused.push_back({{"machine", one.machine}, {"sentence", one.sentence}, {"remedy", one.remedy}});
  boost::json::array flaws;
  for (const exports::Flaw& one : tree.flaws)
    flaws.push_back({{"id", one.finding.id()},
                     {"path", one.path},
                     {"files", one.files},
                     {"sentence", one.finding.sentence},
                     {"remedy", one.finding.remedy}});
  return boost::json::serialize(boost::json::object{{"files", tree.files.size()},
                                                    {"bytes", exported.bytes},
                                                    {"written", exported.written},
                                                    {"removed", exported.removed},
                                                    {"boot_modules", tree.boot_modules},
                                                    {"refused", std::move(refused)},
                                                    {"findings", std::move(flaws)}});
}

}  // namespace

int export_snippet(const Context& context, const ExportOptions& options) {
  auto plan = plan_as_served(context);
  if (!plan) return fail(plan.error());
  auto site = site_of(**plan, options);
  if (!site) return fail(site.error());
  print_notes(**plan, *site);
  if (options.what == "kea") fmt::print("{}", exports::kea_conf(**plan, *site));
  if (options.what == "dhcpd") fmt::print("{}", exports::dhcpd_conf(**plan, *site));
  if (options.what == "dnsmasq") fmt::print("{}", exports::dnsmasq_conf(**plan, *site));
  return exit_ok;
}

int export_tftpboot(const Context& context, const ExportOptions& options) {
  auto plan = plan_as_served(context);
  if (!plan) return fail(plan.error());
  auto site = site_of(**plan, options);
  if (!site) return fail(site.error());
  exports::Tree tree = exports::tree(**plan, *site);
  ProgressBar bar;
  auto exported =
      write_tree(tree, (*plan)->server(), options.folder, options.force,
                 [&](std::uint64_t done, std::uint64_t total) { bar.show("writing", done, total); });
  bar.finish();
  if (!exported) return fail(exported.error());
  for (const exports::Refused& one : tree.refused)
    fmt::print(stderr, "warning: {}: {}; {}\n", one.machine, one.sentence, one.remedy);
  print_flaws(tree);
  if (tree.boot_modules > 0)
    fmt::print(
        stderr,
        "warning: {} boot modules below {}/bootfs are for anybody who reaches that server or logs in "
        "here, for TFTP servers give out only what everybody may read; keep secrets out of them, or let "
        "slipwayd serve these machines\n",
        tree.boot_modules, options.folder);
  if (context.json) return print_line(to_json(*exported, tree));
  return print_line(
      fmt::format("{}: {} files, {}; {} written, {} removed\nnext: serve it on {} by TFTP{}; "
                  "`slipway export dhcpd`, `kea` or `dnsmasq` says what the DHCP server needs",
                  options.folder, tree.files.size(), human_bytes(exported->bytes), exported->written,
                  exported->removed, site->base.address.to_string(), options.only_tftp ? "" : " and HTTP"));
}

}  // namespace slipway::cli
