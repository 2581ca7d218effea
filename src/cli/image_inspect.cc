// SPDX-License-Identifier: MPL-2.0
// slipway image inspect FILE: what an import would find. slipway image verify: is the store still what
// was imported?
#include <optional>

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

/// Says of one image how it is; what is damaged is not booted from now on. True when all of it is whole.
bool verify_one(image::Store& store, const model::Image& image, bool& marked) {
  ProgressBar bar;
  std::uint64_t done = 0;
  image::Soundness found = image::soundness_of(store, image, [&](std::uint64_t bytes) {
    bar.show("verifying " + image.version, done += bytes, image.size());
    return true;
  });
  bar.finish();
  for (const Fault& fault : found.unreadable) fail(fault);
  for (const Fault& fault : found.damaged) fail(fault);
  if (!found.damaged.empty()) {
    auto noted = store.mark_damaged(image.id, found.damaged.front());
    if (!noted) fail({noted.error().sentence(), ""});
    marked |= noted.has_value();
  }
  if (found.whole()) fmt::print("{} is whole\n", api::title_of(image));
  return found.whole();
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
  int worst = exit_ok;
  for (const Problem& problem : stored.problems) worst = fail({problem.to_string(), ""});
  api::ImagesMeant wanted;
  if (named) {
    auto meant = api::images_meant(*named, stored.images);
    if (!meant) return fail(meant.error());
    wanted = *meant;
  } else {
    for (const model::Image& image : stored.images) wanted.push_back(&image);
  }
  bool marked = false;
  for (const model::Image* image : wanted) {
    if (!verify_one(store, *image, marked)) worst = exit_failed;
  }
  if (marked) tell_daemon(context);
  return worst;
}

}  // namespace slipway::cli
