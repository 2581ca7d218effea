// SPDX-License-Identifier: MPL-2.0
// A rehearsal for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include <boost/json/array.hpp>

#include "rehearsal/exchange.h"
#include "rehearsal/replay.h"

namespace slipway::cli {

/// {"notes", "answered", "exchanges": [{"who", "steps": [...], "then"}], "script"}
std::string simulation_json(const std::vector<rehearsal::Exchange>& exchanges,
                            const std::vector<std::string>& notes, const std::string& script,
                            const model::Plan& plan);

/// {"notes", "packets": [{"seconds", "from", "to", ..., "captured": [...], "differences": [...]}]}
class ReplayJson {
 public:
  explicit ReplayJson(std::vector<std::string> notes) : notes_(std::move(notes)) {}
  void add(const rehearsal::Replayed& replayed, const model::Plan& plan);
  std::string text() &&;

 private:
  std::vector<std::string> notes_;
  boost::json::array packets_;
};

}  // namespace slipway::cli
