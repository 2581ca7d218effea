// SPDX-License-Identifier: MPL-2.0
// What is wrong in a lease file, line by line, bounded: a file that is none at all would otherwise fill the
// memory with complaints. Private to this room.
#pragma once

#include <string>

#include "migrate/foreign_lease.h"

namespace slipway::migrate {

class Findings {
 public:
  explicit Findings(const std::string& file) : file_(file) {}

  /// Something to know of that takes no lease away.
  void add(int line, std::string what, std::string remedy = {}) {
    put(line, std::move(what), std::move(remedy), Severity::warning);
  }
  /// An entry that cannot be read, and may be a lease that runs.
  void add_unread(int line, std::string what) {
    constexpr std::size_t most = 20;
    if (unread_.places.size() < most) unread_.places.push_back({file_, line, 1});
    ++unread_.entries;
    put(line, std::move(what), "", Severity::error);
  }
  void put_into(LeaseFile& file) && {
    file.problems = std::move(problems_);
    file.unread = std::move(unread_);
  }
  const std::string& file() const { return file_; }

 private:
  void put(int line, std::string what, std::string remedy, Severity severity) {
    constexpr std::size_t most = 100;
    if (problems_.size() < most) {
      problems_.push_back({{file_, line, 1}, std::move(what), std::move(remedy), severity});
    } else if (problems_.size() == most) {
      problems_.push_back({{file_, line, 1}, "more of the kind from here on", "", Severity::warning});
    }
  }

  std::string file_;
  Problems problems_;
  UnreadEntries unread_;
};

}  // namespace slipway::migrate
