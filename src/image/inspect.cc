// SPDX-License-Identifier: MPL-2.0
#include "image/inspect.h"

#include <algorithm>

#include "image/intake.h"
#include "image/meter.h"

namespace slipway::image {
namespace {

void append(Findings& all, const Findings& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// As far as it comes; what stops it is returned.
Result<void, Refusal> look(Inspection& inspection, const ImportOptions& options) {
  Meter meter(options);
  auto name = name_source(inspection.source, options.wish.kind);
  if (!name) return name.error();
  Survey seen;
  auto looked = look_into(*name, meter, options.wish, &seen);
  inspection.format = seen.format;
  inspection.entries = seen.entries;
  if (!looked) return looked.error();
  const Selection& selection = looked->selection;
  inspection.layout = selection.description();
  append(inspection.findings, selection.findings);

  auto facts = read_files(looked->survey, selection, meter, nullptr);
  if (!facts) return facts.error();
  Verdict verdict = verify(selection, *facts);
  append(inspection.findings, verdict.findings);
  inspection.image = make_image(selection, *facts, verdict, options.now);
  return {};
}

}  // namespace

Inspection inspect(const std::string& source, const ImportOptions& options) {
  Inspection inspection;
  inspection.source = source;
  if (auto looked = look(inspection, options); !looked) append(inspection.findings, looked.error().findings);
  std::stable_sort(inspection.findings.begin(), inspection.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.weight > b.weight; });
  if (!inspection.importable()) inspection.image.id.clear();
  return inspection;
}

}  // namespace slipway::image
