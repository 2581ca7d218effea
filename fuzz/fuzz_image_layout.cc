// SPDX-License-Identifier: MPL-2.0
// Any list of paths is a layout or a reason why not; no layout lets a secret in or a file out of platform/.
// First line: the source's name; it is a folder when it ends with '/'. Then one path on each line.
#include <algorithm>
#include <cstdlib>

#include "base/bytes.h"
#include "base/safe_path.h"
#include "image/layout.h"
#include "image/system.h"

using namespace slipway;

namespace {

void check(const image::System& system, std::span<const std::string> paths) {
  if (!image::is_version(system.version) || system.parts.empty()) std::abort();
  for (const model::BootPart& part : system.parts) {
    std::string path = system.source_path(part.path);
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) std::abort();
    if (system.stored_as(path) != part.path) std::abort();
  }
}

void other_systems(std::span<const std::string> paths, const image::SourceName& name) {
  auto system = image::recognise_system(paths, name);
  if (system && *system) check(**system, paths);
  if (paths.size() < 2) return;
  image::Wish wish;
  wish.kernel = paths[0];
  wish.initrds = {paths[1]};
  if (auto named = image::named_system(paths, name, wish)) check(*named, paths);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text({data, size});
  std::vector<std::string> lines;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), lines.back().size() + 1)))
    lines.emplace_back(text.substr(0, text.find('\n')));
  if (lines.empty()) return 0;
  image::SourceName name{lines[0], lines[0], lines[0].ends_with('/')};
  other_systems(std::span(lines).subspan(1), name);
  auto layout = image::recognise(std::span(lines).subspan(1), name);
  if (!layout) return layout.error().sentence().empty() ? (std::abort(), 1) : 0;
  for (const std::string& line : lines) {
    auto stored_as = layout->stored_as(line);
    if (!stored_as) continue;
    if (image::is_secret(*stored_as) || !stored_as->starts_with("platform/")) std::abort();
    if (SafePath::parse(line) && !SafePath::parse(*stored_as) && line.size() < 1000) std::abort();
  }
  return 0;
}
