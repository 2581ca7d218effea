// SPDX-License-Identifier: MPL-2.0
// What `slipway top` shows, as lines of text: machines, a size and a position in, a screen out. Pure; whoever
// owns the terminal draws it. Machines in trouble stand first, the newest on top, then those on their way.
#pragma once

#include <string>
#include <vector>

#include "api/schema.h"
#include "cli/context.h"

namespace slipway::cli {

enum class Standing { trouble, on_its_way, delivered, booted, idle };
inline constexpr std::size_t standing_count = 5;
Standing standing_of(const api::MachineView& machine);

struct TopScreen {
  std::vector<api::MachineView> machines;  ///< sorted by `sort`
  api::StatusView status;
  std::string fault;  ///< the server does not answer: why; what is shown is old then
  bool only_trouble = false;
  std::size_t chosen = 0;  ///< a line of those that are shown
  std::size_t first = 0;   ///< the one at the top of the list

  void sort();
  /// By so many lines, at the ends it stops.
  void move(std::ptrdiff_t lines, std::size_t rows);
  std::size_t shown() const;  ///< how many machines there are to be looked through
  /// Exactly `rows` lines, none longer than `columns` characters.
  std::vector<std::string> lines(std::size_t rows, std::size_t columns, const Colours& colour) const;
  /// How many machines fit.
  static std::size_t list_rows(std::size_t rows);
};

}  // namespace slipway::cli
