// SPDX-License-Identifier: MPL-2.0
// slipway image import, list, show. They work on the store itself; a running daemon is told to look
// again, and without one nothing is lost: it looks when it starts.
#include <atomic>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include "api/image_name.h"
#include "api/rfc3339.h"
#include "base/quantity.h"
#include "base/table.h"
#include "cli/api_call.h"
#include "cli/progress.h"
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

int print_import(const Context& context, const image::ImportReport& report) {
  const model::Image& image = report.image;
  if (context.json) {
    auto shelf = look(context);
    return shelf ? print_line(api::to_json(shelf->view(image, true))) : fail(shelf.error());
  }
  std::string_view done = report.already_there ? "was here already:" : "imported";
  return print_line(fmt::format("{} {}@{}  {}  {} in {} files", done, model::to_string(image.kind),
                                image.version, image.short_id(), human_bytes(image.size()),
                                image.files.size()));
}

}  // namespace

int image_import(const Context& context, const std::string& source, const image::Wish& wish) {
  if (auto elsewhere = context.only_here("an import")) return fail(*elsewhere);
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  ::signal(SIGINT, [](int) { interrupted = true; });
  ::signal(SIGTERM, [](int) { interrupted = true; });
  image::Store store((*plan)->server().state);
  ProgressBar bar;
  image::ImportOptions options;
  options.now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  options.stop = &interrupted;
  options.wish = wish;
  options.progress = [&](const image::Progress& progress) {
    bar.show(std::string(image::to_string(progress.phase)), progress.done, progress.total);
  };
  auto report = image::import_image(source, store, options);
  bar.finish();
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
  if (list.images.empty()) return print_line("no image yet; `slipway image import FILE` brings one");
  Table table({"IMAGE", "ID", "SIZE>", "IMPORTED", "USED BY"});
  for (const api::ImageView& image : list.images) {
    table.row({image.kind + "@" + image.version, image.short_id, human_bytes(image.size),
               api::rfc3339(image.imported).substr(0, 10), users_of(image)});
  }
  fmt::print("{}", table.to_string());
  return shelf->stored.problems.empty() ? exit_ok : exit_failed;
}

int image_show(const Context& context, const std::string& named) {
  auto shelf = look(context);
  if (!shelf) return fail(shelf.error());
  note_what_is_unknown(*shelf);
  auto image = api::image_meant(named, shelf->plan->images());
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
