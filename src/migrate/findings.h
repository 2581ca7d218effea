// SPDX-License-Identifier: MPL-2.0
// What is wrong in a lease file, line by line, bounded: a file that is none at all would otherwise fill the
// memory with complaints. Private to this room.
#pragma once

#include <string>

#include "base/problem.h"

namespace slipway::migrate {

class Findings {
 public:
  explicit Findings(const std::string& file) : file_(file) {}

  void add(int line, std::string what) {
    constexpr std::size_t most = 100;
    if (problems_.size() < most) {
      problems_.push_back({{file_, line, 1}, std::move(what), "", Severity::warning});
    } else if (problems_.size() == most) {
      problems_.push_back({{file_, line, 1}, "more of the kind from here on", "", Severity::warning});
    }
  }
  Problems take() && { return std::move(problems_); }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  Problems problems_;
};

}  // namespace slipway::migrate
