// SPDX-License-Identifier: MPL-2.0
// Whatever a publication point answers is read to an end, and what is found is what it may be: STAMPs, plain
// names, whole digests.
#include <algorithm>
#include <cstdlib>

#include "base/bytes.h"
#include "image/publication.h"
#include "image/stamp.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text({data, size});
  if (auto latest = image::latest_stamp(text); latest && !image::is_stamp(*latest)) std::abort();
  auto stamps = image::published_stamps(text);
  if (!std::all_of(stamps.begin(), stamps.end(), [](auto& stamp) { return image::is_stamp(stamp); }))
    std::abort();
  auto sums = image::parse_sums(text);
  for (const image::Sum& sum : sums) {
    if (sum.name.empty() || sum.name.find('/') != std::string::npos) std::abort();
    if (image::algorithm_of(sum.expected.digest) != sum.expected.algorithm) std::abort();
  }
  for (const std::string& stamp : stamps) {
    const image::Sum* archive = image::platform_archive(sums, stamp);
    if (archive && archive->name.find(stamp) == std::string::npos) std::abort();
  }
  return 0;
}
