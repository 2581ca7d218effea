// SPDX-License-Identifier: MPL-2.0
// slipway image inspect FILE: what an import would find. slipway image verify: is the store still what
// was imported?
#include <functional>

#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "api/image_name.h"
#include "base/quantity.h"
#include "base/table.h"
#include "cli/context.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "image/digest.h"
#include "image/inspect.h"

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

Result<void, Fault> verify_file(const image::Store& store, const model::Image& image,
                                const model::ImageFile& file,
                                const std::function<void(std::uint64_t)>& read) {
  auto opened = store.open_file(image.id, file.path);
  if (!opened) return opened.error();
  image::Digester digester;
  Bytes buffer(1 << 20);
  std::uint64_t offset = 0;
  for (;;) {
    auto got = ::pread((*opened)->fd.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (got < 0)
      return Fault{fmt::format("{} cannot be read", file.path),
                   "the disk may be failing: import the image again elsewhere"};
    if (got == 0) break;
    digester.update(ByteView(buffer).first(static_cast<std::size_t>(got)));
    offset += static_cast<std::uint64_t>(got);
    read(static_cast<std::uint64_t>(got));
  }
  if (digester.finish().sha256 == file.sha256) return {};
  return Fault{fmt::format("{} of {} is not what was imported", file.path, image.short_id()),
               "remove the image and import it again"};
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

int image_verify(const Context& context, const std::string& named) {
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  image::Store store((*plan)->server().state);
  image::Store::Listing stored = store.list();
  int worst = exit_ok;
  for (const Problem& problem : stored.problems) worst = fail({problem.to_string(), ""});
  api::ImagesMeant all;
  for (const model::Image& image : stored.images) all.push_back(&image);
  auto wanted =
      named.empty() ? Result<api::ImagesMeant, Fault>(all) : api::images_meant(named, stored.images);
  if (!wanted) return fail(wanted.error());
  for (const model::Image* wanted_image : *wanted) {
    const model::Image& image = *wanted_image;
    ProgressBar bar;
    std::uint64_t done = 0;
    bool whole = true;
    for (const model::ImageFile& file : image.files) {
      auto verified = verify_file(store, image, file, [&](std::uint64_t bytes) {
        bar.show("verifying " + image.version, done += bytes, image.size());
      });
      if (verified) continue;
      bar.finish();
      worst = fail(verified.error());
      whole = false;
    }
    bar.finish();
    if (whole) fmt::print("{} is whole\n", api::title_of(image));
  }
  return worst;
}

}  // namespace slipway::cli
