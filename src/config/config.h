// SPDX-License-Identifier: MPL-2.0
// From the text of a configuration file to a draft and to the plan. Every error of the file comes back
// at once, in the order of the file. `load` reads the file and those it names; the rest touches nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "base/result.h"
#include "model/plan.h"
#include "model/plan_check.h"

namespace slipway::config {

inline constexpr std::string_view default_path = "/etc/slipway/slipway.toml";

struct Reading {
  model::Draft draft;
  Problems problems;  ///< of syntax, keys and values, and contradictions between what could be read
  model::Unread unread;
};

/// `file` is only the name that problems carry.
Reading read_draft(std::string_view text, const std::string& file);

Result<std::shared_ptr<const model::Plan>, model::PlanErrors> load_text(std::string_view text,
                                                                        const std::string& file,
                                                                        std::vector<model::Image> images);
Result<std::shared_ptr<const model::Plan>, model::PlanErrors> load(const std::string& path,
                                                                   std::vector<model::Image> images);

}  // namespace slipway::config
