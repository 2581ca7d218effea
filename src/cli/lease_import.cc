// SPDX-License-Identifier: MPL-2.0
// slipway lease import FILE...: leases of ISC dhcpd, Kea or dnsmasq are taken over as they stand, by the
// running daemon, or into its store while none runs. Doing it twice does it once. Exit code 0 when every
// lease that still runs is here now, 1 when one is not, or may not be because it could not be read.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "api/views.h"
#include "base/printable.h"
#include "cli/api_call.h"
#include "cli/known_leases.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "migrate/admission.h"
#include "net/interfaces.h"
#include "store/sqlite_store.h"

namespace slipway::cli {
namespace {

using migrate::ForeignLease;
using migrate::Skipped;

/// What the daemon reads in one go stays well below the longest body it takes.
constexpr std::size_t leases_per_request = 200;
constexpr std::size_t leases_per_transaction = 1000;

struct Source {
  std::vector<ForeignLease> leases;  ///< in the order they are to be admitted
  Problems problems;
  migrate::UnreadEntries unread;
};

struct Entry {
  ForeignLease lease;
  std::optional<Skipped> skipped;  ///< none: imported
};
using Entries = std::vector<Entry>;

Result<std::string, Fault> text_of(const std::string& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) return Fault{fmt::format("cannot read {}: {}", file, std::strerror(errno)), ""};
  return std::string{std::istreambuf_iterator<char>(input), {}};
}

/// Kea's memfile in the order Kea itself reads it: while its lease file clean-up is under way, or was cut
/// off, older rows lie beside the file (Kea, src/lib/dhcpsrv/memfile_lease_mgr.cc).
std::vector<std::string> chain_of(const std::string& file) {
  auto exists = [&](const char* ending) { return std::filesystem::exists(file + ending); };
  if (exists(".completed")) return {file + ".completed", file};
  std::vector<std::string> chain;
  for (const char* ending : {".2", ".1"}) {
    if (exists(ending)) chain.push_back(file + ending);
  }
  chain.push_back(file);
  return chain;
}

Result<void, Fault> read_into(Source& source, const std::string& file,
                              std::optional<migrate::Format> format) {
  auto text = text_of(file);
  if (!text) return text.error();
  if (text->empty()) return {};
  if (!format) format = migrate::recognise(*text);
  if (!format) {
    return Fault{fmt::format("{} is no lease file of ISC dhcpd, Kea or dnsmasq", file),
                 "say which it is with --from isc, kea or dnsmasq"};
  }
  migrate::LeaseFile read = migrate::read(*format, *text, file);
  std::move(read.leases.begin(), read.leases.end(), std::back_inserter(source.leases));
  std::move(read.problems.begin(), read.problems.end(), std::back_inserter(source.problems));
  source.unread.entries += read.unread.entries;
  std::move(read.unread.places.begin(), read.unread.places.end(), std::back_inserter(source.unread.places));
  return {};
}

Result<Source, Fault> read_files(const LeaseImportOptions& options) {
  Source source;
  std::optional<migrate::Format> format = migrate::format_named(options.from);
  for (const std::string& named : options.files) {
    auto first = text_of(named);
    if (!first) return first.error();
    bool kea = format ? format == migrate::Format::kea : migrate::recognise(*first) == migrate::Format::kea;
    for (const std::string& file : kea ? chain_of(named) : std::vector{named}) {
      if (auto done = read_into(source, file, format); !done) return done.error();
    }
  }
  source.leases = migrate::last_of_each(std::move(source.leases));
  migrate::order_for_admission(source.leases);
  return source;
}

std::string count(std::uint64_t leases) {
  return fmt::format("{} leases", leases);
}

// -- By the daemon ----------------------------------------------------------------------------------

std::optional<Skipped> skipped_by(const api::LeaseImported& line) {
  if (line.outcome == "imported") return std::nullopt;
  return Skipped{migrate::skip_named(line.outcome).value_or(migrate::Skip::store_failed), line.here};
}

Result<void, Fault> ask_daemon(const Context& context, std::span<const ForeignLease> leases,
                               Entries& entries) {
  api::LeaseImport asked;
  for (const ForeignLease& lease : leases) asked.leases.push_back(api::view(lease));
  auto body = call(context, http::Method::post, "/api/v1/leases/import", api::to_json(asked));
  if (!body) return body.error();
  auto result = api::from_json<api::LeaseImportResult>(*body);
  if (!result) return result.error();
  if (result->leases.size() != leases.size()) {
    return Fault{"slipwayd answered for another number of leases", "look at its log"};
  }
  for (std::size_t i = 0; i < leases.size(); ++i) {
    entries.push_back({leases[i], skipped_by(result->leases[i])});
  }
  return {};
}

Result<Entries, Fault> by_daemon(const Context& context, const std::vector<ForeignLease>& leases) {
  Entries entries;
  ProgressBar progress(count);
  std::span<const ForeignLease> rest(leases);
  while (!rest.empty()) {
    std::size_t next = std::min(rest.size(), leases_per_request);
    if (auto asked = ask_daemon(context, rest.first(next), entries); !asked) return asked.error();
    rest = rest.subspan(next);
    progress.show("importing", entries.size(), leases.size());
  }
  return entries;
}

// -- Into the store, while no daemon runs, or nowhere -----------------------------------------------

/// A store that grants everything and keeps nothing: for --dry-run.
class NoStore final : public lease::Store {
 public:
  explicit NoStore(std::vector<lease::Lease> leases) : leases_(std::move(leases)) {}
  Result<std::vector<lease::Lease>, Fault> load() override { return leases_; }
  Result<std::vector<lease::Outcome>, Fault> commit(std::span<const lease::Change> changes) override {
    return std::vector<lease::Outcome>(changes.size());
  }

 private:
  std::vector<lease::Lease> leases_;
};

class StoreImport {
 public:
  StoreImport(lease::Store& store, const model::Plan& plan)
      : store_(store),
        plan_(plan),
        now_(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())) {
    std::vector<Ipv4> own;
    for (const net::Interface& interface : net::list_interfaces()) {
      for (const net::InterfaceAddress& at : interface.ipv4) own.push_back(at.address);
    }
    book_.set_rules(lease::Rules::from(plan, own), now_);
  }

  Result<Entries, Fault> run(const std::vector<ForeignLease>& leases) {
    auto known = store_.load();
    if (!known) return known.error();
    book_.load(std::move(*known), now_);
    migrate::Admission admission(plan_, book_);
    ProgressBar progress(count);
    for (const ForeignLease& lease : leases) {
      entries_.push_back({lease, std::nullopt});
      auto admitted = admission.admit(lease, now_);
      if (auto* skipped = std::get_if<Skipped>(&admitted)) {
        entries_.back().skipped = *skipped;
      } else {
        changes_.push_back(std::move(std::get<lease::Change>(admitted)));
        of_change_.push_back(entries_.size() - 1);
      }
      if (changes_.size() < leases_per_transaction) continue;
      if (auto done = commit(); !done) return done.error();
      progress.show("importing", entries_.size(), leases.size());
    }
    if (auto done = commit(); !done) return done.error();
    return std::move(entries_);
  }

 private:
  Result<void, Fault> commit() {
    if (changes_.empty()) return {};
    auto outcomes = store_.commit(changes_);
    if (!outcomes) return outcomes.error();
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      book_.settle(changes_[i], (*outcomes)[i], now_);
      entries_[of_change_[i]].skipped = migrate::Admission::refused((*outcomes)[i]);
    }
    changes_.clear();
    of_change_.clear();
    return {};
  }

  lease::Store& store_;
  const model::Plan& plan_;
  Instant now_;
  lease::Book book_;
  Entries entries_;
  std::vector<lease::Change> changes_;
  std::vector<std::size_t> of_change_;  // which entry each change belongs to
};

// -- What came of it --------------------------------------------------------------------------------

struct Tally {
  std::size_t imported = 0;
  std::map<migrate::Skip, std::size_t> skipped;
  bool complete = true;  ///< every lease that still runs is here
};

Tally tally_of(const Entries& entries) {
  Tally tally;
  for (const Entry& entry : entries) {
    if (!entry.skipped) {
      ++tally.imported;
    } else {
      ++tally.skipped[entry.skipped->why];
      tally.complete = tally.complete && migrate::is_harmless(entry.skipped->why);
    }
  }
  return tally;
}

std::string client_of(const ForeignLease& lease) {
  std::string who = lease.mac ? "mac " + lease.mac->to_string() : "a client without a MAC address";
  return lease.hostname.empty() ? who : fmt::format("{} ({})", who, printable(lease.hostname));
}

/// "leases:12: 10.0.0.5 of mac 52:54:... : another client has the address here: mac ... has 10.0.0.5 until
/// ..."
std::string line_of(const Entry& entry) {
  std::string here = entry.skipped->here.empty() ? "" : ": " + printable(entry.skipped->here);
  return fmt::format("{}: {} of {}: {}{}", entry.lease.place.to_string(), entry.lease.address.to_string(),
                     client_of(entry.lease), migrate::sentence(entry.skipped->why), here);
}

/// "could not be read: 3 (dhcpd.leases line 2, 7; more.leases line 1)".
std::string unread_text(const migrate::UnreadEntries& unread) {
  std::string text = fmt::format("could not be read: {} (", unread.entries);
  const Place* before = nullptr;
  for (const Place& place : unread.places) {
    bool same = before && before->file == place.file;
    if (before) text += same ? ", " : "; ";
    text += same ? fmt::format("{}", place.line) : fmt::format("{} line {}", place.file, place.line);
    before = &place;
  }
  return text + (unread.places.size() < unread.entries ? ", ...)" : ")");
}

void print_report(const Entries& entries, const Source& source, bool dry_run) {
  constexpr std::size_t most_lines = 50;
  for (const Problem& problem : source.problems) fmt::print(stderr, "{}\n", problem.to_string());
  std::size_t lines = 0, untold = 0;
  for (const Entry& entry : entries) {
    if (!entry.skipped || migrate::is_harmless(entry.skipped->why)) continue;
    if (lines < most_lines) print_line(line_of(entry));
    ++(lines < most_lines ? lines : untold);
  }
  if (untold > 0) print_line(fmt::format("and {} more; --json tells them all", untold));
  Tally tally = tally_of(entries);
  print_line(fmt::format("{}: {}", dry_run ? "would be imported" : "imported", tally.imported));
  for (const auto& [why, number] : tally.skipped) {
    print_line(fmt::format("skipped, {}: {}", migrate::sentence(why), number));
  }
  if (source.unread.entries > 0) print_line(unread_text(source.unread));
}

std::string report_json(const Entries& entries, const Source& source, bool dry_run) {
  boost::json::array leases, lines;
  for (const Entry& entry : entries) {
    boost::json::object lease{
        {"address", entry.lease.address.to_string()},
        {"file", entry.lease.place.file},
        {"line", entry.lease.place.line},
        {"outcome", entry.skipped ? migrate::to_string(entry.skipped->why) : "imported"}};
    if (entry.lease.mac) lease["mac"] = entry.lease.mac->to_string();
    if (!entry.lease.hostname.empty()) lease["hostname"] = printable(entry.lease.hostname);
    if (entry.skipped) lease["sentence"] = migrate::sentence(entry.skipped->why);
    if (entry.skipped && !entry.skipped->here.empty()) lease["here"] = printable(entry.skipped->here);
    leases.push_back(std::move(lease));
  }
  for (const Problem& problem : source.problems) lines.emplace_back(problem.to_string());
  Tally tally = tally_of(entries);
  return boost::json::serialize(
      boost::json::object{{"dry_run", dry_run},
                          {"complete", tally.complete && source.unread.entries == 0},
                          {"unread", source.unread.entries},
                          {"imported", tally.imported},
                          {"leases", std::move(leases)},
                          {"problems", std::move(lines)}});
}

Result<Entries, Fault> carry_out(const Context& context, const model::Plan& plan,
                                 const std::vector<ForeignLease>& leases, bool dry_run) {
  if (dry_run) {
    NoStore store(known_leases(context, plan).leases);
    return StoreImport(store, plan).run(leases);
  }
  if (!store::is_in_use(plan.server().state)) {
    store::SqliteStore store(plan.server().state);
    return StoreImport(store, plan).run(leases);
  }
  return by_daemon(context, leases);
}

}  // namespace

int lease_import(const Context& context, const LeaseImportOptions& options) {
  auto source = read_files(options);
  if (!source) return fail(source.error());
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  auto entries = carry_out(context, **plan, source->leases, options.dry_run);
  if (!entries) return fail(entries.error());
  if (context.json) {
    print_line(report_json(*entries, *source, options.dry_run));
  } else {
    print_report(*entries, *source, options.dry_run);
  }
  return tally_of(*entries).complete && source->unread.entries == 0 ? exit_ok : exit_failed;
}

}  // namespace slipway::cli
