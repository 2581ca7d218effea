// SPDX-License-Identifier: MPL-2.0
// Any file is inspected to an end, and what cannot be imported has a reason.
#include <cstdlib>

#include <fmt/format.h>
#include <sys/mman.h>

#include "base/unique_fd.h"
#include "image/inspect.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  UniqueFd fd(::memfd_create("source", MFD_CLOEXEC));
  if (::write(fd.get(), data, size) != static_cast<ssize_t>(size)) return 0;
  image::Inspection inspection = image::inspect(fmt::format("/proc/self/fd/{}", fd.get()));
  if (inspection.importable() == inspection.image.id.empty()) std::abort();
  return 0;
}
