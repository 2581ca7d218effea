// SPDX-License-Identifier: MPL-2.0
#include "image/importer.h"

#include <algorithm>

#include <fmt/format.h>

#include "image/intake.h"
#include "image/manifest.h"
#include "image/meter.h"
#include "image/soundness.h"
#include "image/staging.h"

namespace slipway::image {
namespace {

const model::Image* with_id(const Store::Listing& listing, const std::string& id) {
  auto found = std::find_if(listing.images.begin(), listing.images.end(),
                            [&](const model::Image& image) { return image.id == id; });
  return found == listing.images.end() ? nullptr : &*found;
}

void note_same_version(const Store::Listing& listing, const model::Image& image, Findings& findings) {
  for (const model::Image& other : listing.images) {
    if (other.kind != image.kind || other.version != image.version || other.id == image.id) continue;
    findings.push_back(
        {Rule::same_version,
         Weight::warning,
         {fmt::format("image {} has the version {} too, with other files; the name {}@{} now means "
                      "the one imported last",
                      other.short_id(), other.version, model::to_string(image.kind), image.version),
          "remove the one that is not wanted"}});
  }
}

Finding kept(const model::Image& here, const std::string& wanted) {
  return {Rule::version_kept,
          Weight::warning,
          {fmt::format("the same files are here as {}@{}, and keep that name", model::to_string(here.kind),
                       here.version),
           fmt::format("to have them as {}, remove that image and import it again", wanted)}};
}

bool is_whole(const Store& store, const model::Image& image, Meter& meter) {
  meter.begin(Phase::comparing, image.size());
  return soundness_of(store, image,
                      [&](std::uint64_t bytes) {
                        meter.advanced(bytes);
                        return !meter.stopped();
                      })
      .whole();
}

/// The last step: into the store, or nothing to do.
Result<void, Refusal> settle(const Store& store, Staging& staging, const Verdict& verdict, Meter& meter,
                             ImportReport& report) {
  std::string wanted = report.image.version;
  Store::Listing listing = store.list();
  const model::Image* same = with_id(listing, report.image.id);
  bool whole = same && is_whole(store, *same, meter);
  if (meter.stopped()) return Meter::interrupted();
  if (whole) {
    report.image = *same;
    report.already_there = true;
    if (same->version != wanted) report.findings.push_back(kept(*same, wanted));
    return {};
  }
  report.replaced = store.holds(report.image.id);
  meter.begin(Phase::finishing, 0);
  if (meter.stopped()) return Meter::interrupted();
  for (const MadeFile& file : verdict.made) {
    if (auto added = staging.add_file(file.stored_as, file.content); !added) return added;
  }
  note_same_version(listing, report.image, report.findings);
  return staging.commit(report.image.id, to_manifest(report.image));
}

void append(Findings& all, const Findings& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

Result<ImportReport, Refusal> import_image(const std::string& source, Store& store,
                                           const ImportOptions& options) {
  Meter meter(options);
  auto name = name_source(source, options.wish.kind);
  if (!name) return name.error();
  auto looked = look_into(*name, meter, options.wish);
  if (!looked) return looked.error();
  const Selection& selection = looked->selection;
  if (has_errors(selection.findings)) return Refusal(selection.findings);

  auto staging = Staging::begin_in(store.images_dir());
  if (!staging) return staging.error();
  if (auto fits = (*staging)->require_space(selection.bytes); !fits) return fits.error();
  auto facts = read_files(looked->survey, selection, meter, staging->get());
  if (!facts) return facts.error();

  Verdict verdict = verify(selection, *facts);
  ImportReport report;
  report.findings = std::move(verdict.findings);
  append(report.findings, selection.findings);
  if (has_errors(report.findings)) return Refusal(std::move(report.findings));
  report.image = make_image(selection, *facts, verdict, options.now);
  if (auto settled = settle(store, **staging, verdict, meter, report); !settled) return settled.error();
  return report;
}

}  // namespace slipway::image
