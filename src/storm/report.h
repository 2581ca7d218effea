// SPDX-License-Identifier: MPL-2.0
// From the records of a storm's machines to what a person or a program reads: how many came how far, when,
// how often something was said again, and who failed where for which reason. Pure over the records.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storm/troubles.h"
#include "walk/machine.h"

namespace slipway::storm {

/// Seconds since each machine's own power-on.
struct Spread {
  double p50 = 0, p90 = 0, p99 = 0, most = 0;
};
/// By nearest rank; sorts. Zeros of nothing.
Spread spread_of(std::vector<double>& seconds);

struct StageFigures {
  walk::Stage stage{};
  std::uint32_t begun = 0, reached = 0;
  Spread at;
  std::uint64_t again = 0, lost = 0, bytes = 0;
  double seconds = 0;  ///< from the first machine that began it to the last that ended it
};

struct Failure {
  walk::Stage stage{};
  std::string why;
  std::uint32_t machines = 0;
  MacAddress example;
};

struct KindFigures {
  std::uint32_t machines = 0, booted = 0;
  Spread at;
};

class Report {
 public:
  void add(const walk::Machine& machine, std::string_view kind);
  void add(const Troubles& troubles) { troubles_ = troubles; }

  std::string text() const;
  std::string json() const;
  bool all_booted() const { return booted_ == machines_; }

 private:
  struct Gathered {
    StageFigures figures;
    std::vector<double> at;
    std::optional<Tick> first, last;
  };
  struct Kind {
    KindFigures figures;
    std::vector<double> at;
  };

  std::vector<StageFigures> stages() const;
  std::vector<Failure> failures() const;
  double seconds() const;
  std::uint64_t bytes() const;
  void note_failure(const walk::Machine& machine);

  std::uint32_t machines_ = 0, booted_ = 0;
  std::array<Gathered, walk::stage_count> gathered_;
  std::map<std::string, Kind, std::less<>> kinds_;
  std::map<std::pair<walk::Stage, std::string>, Failure> failures_;
  std::optional<Tick> first_, last_;
  Troubles troubles_;
};

}  // namespace slipway::storm
