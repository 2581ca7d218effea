// SPDX-License-Identifier: MPL-2.0
#include "timeline/boot.h"

namespace slipway::timeline {

std::string_view to_string(StageName name) {
  switch (name) {
    case StageName::discover:
      return "discover";
    case StageName::offer:
      return "offer";
    case StageName::request:
      return "request";
    case StageName::ack:
      return "ack";
    case StageName::loader:
      return "loader";
    case StageName::ipxe:
      return "ipxe";
    case StageName::script:
      return "script";
    case StageName::kernel:
      return "kernel";
    case StageName::archive:
      return "archive";
  }
  return "unknown";
}

std::string_view to_string(StageState state) {
  switch (state) {
    case StageState::waiting:
      return "waiting";
    case StageState::running:
      return "running";
    case StageState::done:
      return "done";
    case StageState::failed:
      return "failed";
    case StageState::skipped:
      return "skipped";
  }
  return "unknown";
}

}  // namespace slipway::timeline
