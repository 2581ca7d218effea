// SPDX-License-Identifier: MPL-2.0
// slipway image inspect FILE: what an import would find. slipway image verify: is the store still what
// was imported?
#include <algorithm>
#include <optional>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "api/image_name.h"
#include "base/quantity.h"
#include "base/table.h"
#include "cli/context.h"
#include "cli/progress.h"
#include "cli/shelf.h"
#include "cli/verbs.h"
#include "image/inspect.h"
#include "image/soundness.h"

namespace slipway::cli {
namespace {

std::string to_json(const image::Inspection& found) {
  boost::json::array findings;
  for (const image::Finding& finding : found.findings) {
    findings.push_back({{"id", finding.id()},
                        {"weight", image::to_string(finding.weight)},
                        {"sentence", finding.sentence()}});
  }
  boost::json::array files;
  for (const model::ImageFile& file : found.image.files) {
    files.push_back({{"path", file.path}, {"size", file.size}, {"sha1", file.sha1}, {"sha256", file.sha256}});
  }
  return boost::json::serialize(boost::json::object{{"source", found.source},
                                                    {"format", found.format},
                                                    {"layout", found.layout},
                                                    {"importable", found.importable()},
                                                    {"id", found.image.id},
                                                    {"kind", model::to_string(found.image.kind)},
                                                    {"version", found.image.version},
                                                    {"files", files},
                                                    {"findings", findings}});
}

/// The store notes what was found: what is damaged is not booted, what is whole again is. Whether it changed.
bool note(image::Store& store, const model::Image& image, bool was_damaged, const image::Soundness& found) {
  bool mended = was_damaged && found.whole(), spoilt = !was_damaged && !found.damaged.empty();
  if (!mended && !spoilt) return false;
  auto noted = mended ? store.unmark(image.id) : store.mark_damaged(image.id, found.damaged.front());
  if (!noted) fail({noted.error().sentence(), ""});
  return noted.has_value();
}

image::Soundness look_at(const image::Store& store, const model::Image& image) {
  ProgressBar bar;
  std::uint64_t done = 0;
  auto found = image::soundness_of(store, image, [&](std::uint64_t bytes) {
    bar.show("verifying " + image.version, done += bytes, image.size());
    return true;
  });
  bar.finish();
  for (const Fault& fault : found.unreadable) fail(fault);
  for (const Fault& fault : found.damaged) fail(fault);
  return found;
}

}  // namespace

int image_inspect(const Context& context, const std::string& source, const image::Wish& wish) {
  ProgressBar bar;
  image::ImportOptions options;
  options.wish = wish;
  options.progress = [&](const image::Progress& progress) {
    bar.show(std::string(image::to_string(progress.phase)), progress.done, progress.total);
  };
  image::Inspection found = image::inspect(source, options);
  bar.finish();
  if (context.json) {
    print_line(to_json(found));
    return found.importable() ? exit_ok : exit_failed;
  }
  fmt::print("{}\n\n", found.source);
  if (!found.format.empty()) {
    fmt::print("  format    {}\n  layout    {}\n", found.format,
               found.layout.empty() ? "not recognised" : found.layout);
  }
  if (found.importable()) {
    fmt::print("  image     {}@{}\n  id        {}\n  size      {} in {} files\n",
               model::to_string(found.image.kind), found.image.version, found.image.short_id(),
               human_bytes(found.image.size()), found.image.files.size());
  }
  fmt::print("\n");
  for (const image::Finding& finding : found.findings) {
    fmt::print("{} {}: {}\n", image::to_string(finding.weight), finding.id(), finding.sentence());
  }
  fmt::print("{}\n", found.importable() ? "can be imported" : "cannot be imported");
  return found.importable() ? exit_ok : exit_failed;
}

int image_verify(const Context& context, const std::optional<std::string>& named) {
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  image::Store store((*plan)->server().state);
  image::Store::Listing stored = store.list();
  std::vector<model::Image> all = stored.images;
  all.insert(all.end(), stored.damaged.begin(), stored.damaged.end());
  int worst = exit_ok;
  for (const Problem& problem : stored.problems) {
    auto of = [&](const model::Image& image) { return problem.place.file.ends_with(image.id); };
    bool read_again = std::any_of(stored.damaged.begin(), stored.damaged.end(), of);
    if (!named && !read_again) worst = fail({problem.to_string(), ""});
  }
  api::ImagesMeant wanted;
  for (const model::Image& image : all) wanted.push_back(&image);
  if (named) {
    auto meant = api::images_meant(*named, all);
    if (!meant) return fail(meant.error());
    wanted = *meant;
  }
  bool changed = false;
  boost::json::array verified;
  for (const model::Image* image : wanted) {
    image::Soundness found = look_at(store, *image);
    if (!found.whole()) worst = exit_failed;
    verified.push_back({{"id", image->id}, {"version", image->version}, {"whole", found.whole()}});
    if (found.whole() && !context.json) fmt::print("{} is whole\n", api::title_of(*image));
    changed |= note(store, *image, !store.contains(image->id), found);
  }
  if (changed) tell_daemon(context);
  if (context.json) print_line(boost::json::serialize(boost::json::object{{"images", std::move(verified)}}));
  return worst;
}

}  // namespace slipway::cli
