// SPDX-License-Identifier: MPL-2.0
// slipway image import, list, show. They work on the store itself; a running daemon is told to look
// again, and without one nothing is lost: it looks when it starts.
#include <atomic>
#include <chrono>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include "api/image_name.h"
#include "api/rfc3339.h"
#include "base/quantity.h"
#include "base/table.h"
#include "cli/api_call.h"
#include "cli/image_lint.h"
#include "cli/progress.h"
#include "cli/publication.h"
#include "cli/shelf.h"
#include "cli/verbs.h"
#include "image/importer.h"

namespace slipway::cli {
namespace {

std::atomic<bool> interrupted{false};

void print_findings(const image::Findings& findings) {
  for (const image::Finding& finding : findings) {
    fmt::print(stderr, "{} {}: {}\n", image::to_string(finding.weight), finding.id(), finding.sentence());
  }
}

/// In a few words, for a table: profiles and assignments by name, machines counted.
std::string users_of(const api::ImageView& image) {
  std::vector<std::string> words = image.used_by;
  std::size_t run = 0, good = 0;
  bool fallback = false, pinned = false;
  for (const api::ImageUseView& use : image.uses) {
    if (use.why == "assigned") words.push_back(use.who);
    if (use.why == "once") words.push_back(use.who + " once");
    run += use.why == "running";
    good += use.why == "last_good";
    fallback |= use.why == "fallback";
    pinned |= use.why == "pinned";
  }
  if (run > 0) words.push_back(fmt::format("run by {}", run));
  if (good > 0) words.push_back(fmt::format("last good of {}", good));
  if (fallback) words.push_back("rollback");
  if (pinned) words.push_back("pinned");
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string json_of(const api::ImageView& view, const image::Findings& findings,
                    const std::vector<boot::Remark>& remarks) {
  boost::json::array all;
  auto add = [&](std::string_view id, std::string_view severity, const Fault& fault) {
    all.push_back({{"id", id}, {"severity", severity}, {"sentence", fault.what}, {"remedy", fault.remedy}});
  };
  for (const image::Finding& one : findings) add(one.id(), image::to_string(one.weight), one.fault);
  for (const boot::Remark& one : remarks) add(one.id, one.severity, {one.sentence, one.remedy});
  boost::json::value whole = boost::json::parse(api::to_json(view));
  whole.as_object()["findings"] = std::move(all);
  return boost::json::serialize(whole);
}

int print_import(const Context& context, const image::ImportReport& report) {
  const model::Image& image = report.image;
  auto shelf = look(context);
  if (!shelf) return fail(shelf.error());
  auto remarks = lint_image(*shelf->plan, image);
  for (const boot::Remark& remark : remarks)
    fmt::print(stderr, "{} {}: {}\n", remark.severity, remark.id,
               Fault{remark.sentence, remark.remedy}.sentence());
  if (context.json) return print_line(json_of(shelf->view(image, true), report.findings, remarks));
  std::string_view done = report.already_there ? "was here already:"
                          : report.replaced    ? "was damaged and is replaced:"
                                               : "imported";
  return print_line(fmt::format("{} {}@{}  {}  {} in {} files", done, model::to_string(image.kind),
                                image.version, image.short_id(), human_bytes(image.size()),
                                image.files.size()));
}

/// What is to be brought: as the operator said, or as the publication point has it.
struct Found {
  std::optional<Published> published;
  std::optional<model::Image> here;  ///< it is in the store already
};

Result<Publication, Fault> publication_of(const BringOptions& how, const model::Plan& plan) {
  const std::string& configured = plan.imports().smartos_from;
  std::string from = !how.from.empty() ? how.from : !configured.empty() ? configured : smartos_publication;
  return Publication::at(from, fetching(how, interrupted));
}

Result<Found, Fault> find_published(const std::string& source, const BringOptions& how,
                                    const model::Plan& plan, const image::Store& store) {
  auto ref = published_ref(source);
  if (!ref) return Found{};
  if (ref->kind != model::ImageKind::smartos)
    return Fault{fmt::format("{} is published nowhere that is known here", source),
                 "give a file or a URL; only SmartOS is found by its name"};
  auto publication = publication_of(how, plan);
  if (!publication) return publication.error();
  if (ref->version == "latest") {
    auto latest = publication->latest();
    if (!latest) return latest.error();
    ref->version = *latest;
  }
  image::Store::Listing stored = store.list();
  if (const model::Image* same = model::resolve(*ref, stored.images)) return Found{std::nullopt, *same};
  auto published = publication->find(ref->version);
  if (!published) return published.error();
  return Found{*published, std::nullopt};
}

}  // namespace

int image_import(const Context& context, const std::string& source, const image::Wish& wish,
                 const BringOptions& how) {
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  ::signal(SIGINT, [](int) { interrupted = true; });
  ::signal(SIGTERM, [](int) { interrupted = true; });
  ::signal(SIGPIPE, SIG_IGN);  // a server that hangs up is an error of the transfer
  const std::string& state = (*plan)->server().state;
  image::Store store(state);
  auto found = find_published(source, how, **plan, store);
  if (!found) return fail(found.error());
  if (found->here) return print_import(context, {*found->here, {}, true});
  ProgressBar bar;
  auto brought = bring(source, how, state, interrupted, bar, found->published);
  bar.finish();
  if (!brought) return fail(brought.error());
  image::ImportOptions options;
  options.now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  options.stop = &interrupted;
  options.wish = wish;
  options.progress = [&](const image::Progress& progress) {
    bar.show(std::string(image::to_string(progress.phase)), progress.done, progress.total);
  };
  auto report = image::import_image(brought->path(), store, options);
  bar.finish();
  brought->done(report ? std::nullopt : std::optional(report.error().reason().rule));
  if (!report) {
    print_findings(report.error().findings);
    return exit_failed;
  }
  print_findings(report->findings);
  tell_daemon(context);
  return print_import(context, *report);
}

int image_list(const Context& context) {
  auto shelf = look(context);
  if (!shelf) return fail(shelf.error());
  note_what_is_unknown(*shelf);
  api::ImageList list;
  for (const model::Image& image : shelf->stored.images) list.images.push_back(shelf->view(image, false));
  for (const Problem& problem : shelf->stored.problems) fmt::print(stderr, "{}\n", problem.to_string());
  if (context.json) return print_line(api::to_json(list));
  if (list.images.empty() && shelf->stored.problems.empty())
    return print_line("no image yet; `slipway image import FILE` brings one");
  Table table({"IMAGE", "ID", "SIZE>", "IMPORTED", "USED BY"});
  for (const api::ImageView& image : list.images) {
    table.row({image.kind + "@" + image.version, image.short_id, human_bytes(image.size),
               api::rfc3339(image.imported).substr(0, 10), users_of(image)});
  }
  fmt::print("{}", table.to_string());
  return shelf->stored.problems.empty() ? exit_ok : exit_failed;
}

int image_available(const Context& context, const BringOptions& how) {
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  auto publication = publication_of(how, **plan);
  if (!publication) return fail(publication.error());
  auto stamps = publication->stamps();
  if (!stamps) return fail(stamps.error());
  auto latest = publication->latest();
  image::Store::Listing stored = image::Store((*plan)->server().state).list();
  auto is_here = [&](const std::string& stamp) {
    return model::resolve({model::ImageKind::smartos, stamp}, stored.images) != nullptr;
  };
  if (context.json) {
    boost::json::array list;
    for (const std::string& stamp : *stamps)
      list.push_back({{"version", stamp}, {"latest", latest && *latest == stamp}, {"here", is_here(stamp)}});
    return print_line(boost::json::serialize(boost::json::object{{"available", std::move(list)}}));
  }
  constexpr std::size_t most_rows = 20;
  Table table({"IMAGE", "", "HERE"});
  for (std::size_t i = 0; i < std::min(most_rows, stamps->size()); ++i) {
    const std::string& stamp = (*stamps)[i];
    table.row({"smartos@" + stamp, latest && *latest == stamp ? "latest" : "", is_here(stamp) ? "yes" : ""});
  }
  fmt::print("{}", table.to_string());
  if (stamps->size() > most_rows)
    fmt::print("and {} older ones; --json has all\n", stamps->size() - most_rows);
  return exit_ok;
}

int image_show(const Context& context, const std::string& named) {
  auto shelf = look(context);
  if (!shelf) return fail(shelf.error());
  note_what_is_unknown(*shelf);
  auto image = api::image_meant(named, *shelf->plan);
  if (!image) return fail(image.error());
  api::ImageView view = shelf->view(**image, true);
  if (context.json) return print_line(api::to_json(view));
  fmt::print("{}@{}\n\n  id        {}\n  imported  {}\n  size      {} in {} files\n  used by   {}\n\n",
             view.kind, view.version, view.id, api::rfc3339(view.imported), human_bytes(view.size),
             view.files.size(), view.uses.empty() ? "nothing" : users_of(view));
  Table table({"FILE", "BYTES>", "SHA-1"});
  for (const api::ImageFileView& file : view.files)
    table.row({file.path, fmt::format("{}", file.size), file.sha1});
  fmt::print("{}", table.to_string());
  return exit_ok;
}

}  // namespace slipway::cli
