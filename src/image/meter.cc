// SPDX-License-Identifier: MPL-2.0
#include "image/meter.h"

#include <cstdlib>

namespace slipway::image {
namespace {

constexpr std::uint64_t step = 1 << 20;

}  // namespace

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::checking:
      return "checking";
    case Phase::unpacking:
      return "unpacking";
    case Phase::reading:
      return "reading";
    case Phase::copying:
      return "copying";
    case Phase::comparing:
      return "comparing";
    case Phase::finishing:
      return "finishing";
  }
  std::abort();
}

void Meter::begin(Phase phase, std::uint64_t total) {
  progress_ = {phase, 0, total};
  tell();
}

void Meter::reached(std::uint64_t done) {
  progress_.done = done;
  bool complete = progress_.total != 0 && done >= progress_.total && told_ < progress_.total;
  if (complete || done >= told_ + step) tell();
}

void Meter::tell() {
  told_ = progress_.done;
  if (options_.progress) options_.progress(progress_);
}

Refusal Meter::interrupted() {
  return {Finding{Rule::interrupted,
                  Weight::error,
                  {"the import was interrupted", "nothing was changed; start it again when it suits"}}};
}

}  // namespace slipway::image
