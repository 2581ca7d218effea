// SPDX-License-Identifier: MPL-2.0
// Any text is a plan or a list of what is wrong with it, each with its place.
#include <cstdlib>

#include "base/bytes.h"
#include "config/config.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto plan = config::load_text(as_text({data, size}), "f", {});
  if (plan) return 0;
  if (plan.error().problems.empty()) std::abort();
  for (const Problem& problem : plan.error().problems) {
    if (problem.what.empty() || problem.place.file != "f") std::abort();
  }
  return 0;
}
