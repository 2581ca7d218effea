// SPDX-License-Identifier: MPL-2.0
// What would go wrong for those an assignment reaches: the decisions and the lint of the plan with the
// assignment in it, before it is in force. Pure. Machines of one profile that add nothing to it are looked at
// once: a rack is not linted machine by machine.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "boot/names.h"
#include "model/plan.h"

namespace slipway::assign {

struct Trial {
  std::vector<std::string> errors;    ///< it must not come into force
  std::vector<std::string> warnings;  ///< worth a word
};

/// Where a machine (null: one that the file does not name) reaches this server.
using BaseOf = std::function<boot::Base(const model::Machine*)>;

/// Of those only who boot what is assigned to `to`. `plan`: with it.
Trial try_out(const model::Plan& plan, const model::Assignee& to, model::ImageKind kind,
              const BaseOf& base_of);
/// Of what is ordered for the next boot of this machine.
Trial try_once(const model::Plan& plan, std::string_view machine, const BaseOf& base_of);

}  // namespace slipway::assign
