// SPDX-License-Identifier: MPL-2.0
// Who needs which image: what the file's profiles boot, what is assigned, what a rollback would bring back,
// what is ordered for one boot, what machines run and last came up with, what is pinned. Nobody takes away an
// image that is in this table. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assign/state.h"
#include "model/plan.h"

namespace slipway::assign {

struct Use {
  enum class Why { profile, assigned, fallback, once, running, last_good, pinned };
  Why why = Why::profile;
  std::string who;  ///< "smartos", "machine node1", "everyone"; empty: pinned
};
std::string_view to_string(Use::Why why);  ///< "last_good"
std::string sentence(const Use& use);      ///< "machine node1 runs it"

/// By image id, in the order above. Images that are not in the store may be in it.
using Usage = std::map<std::string, std::vector<Use>>;
Usage usage_of(const State& state, const model::Plan& plan);

/// The images of the plan that nothing needs. The newest of each kind stays, too: it was brought in to be
/// booted.
std::vector<const model::Image*> needless(const Usage& usage, const model::Plan& plan);

}  // namespace slipway::assign
