// SPDX-License-Identifier: MPL-2.0
// Any text is a manifest or a reason why not; what is one comes back as it went out.
#include <cstdlib>

#include "base/bytes.h"
#include "image/manifest.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto image = image::parse_manifest(as_text({data, size}));
  if (!image) return image.error().what.empty() ? (std::abort(), 1) : 0;
  auto back = image::parse_manifest(image::to_manifest(*image));
  if (!back || back->id != image->id || back->version != image->version || back->imported != image->imported)
    std::abort();
  return 0;
}
