// SPDX-License-Identifier: MPL-2.0
// What machines did with what was decided, told from the timeline: which image one runs, with which it came
// up, and when an order for one boot is over. Running is whose kernel and boot archive were delivered whole;
// good is with which it was up afterwards, as its profile says (model::UpRule), and not in a loop. An order
// is over when that boot was delivered, or when another boot begins after it was served (docs/adr/0019).
// Thread: control.
#pragma once

#include <string>
#include <unordered_map>

#include "assign/state.h"
#include "model/plan.h"
#include "timeline/timeline.h"

namespace slipway::assign {

class Witness {
 public:
  /// Whether there is anything to be told from this event: cheap, for each of them.
  bool cares_for(const timeline::Event& event, const State& state) const;

  /// What follows from an event that was just recorded, of the machine with this key.
  Changes see(const timeline::Event& event, const std::string& key, const State& state,
              const model::Plan& plan, const timeline::Timeline& timeline);

 private:
  void see_order(const timeline::Event& event, const model::BootOnce& once, Changes& changes);

  std::unordered_map<std::string, std::uint64_t> boots_;  ///< of served orders, by machine
};

}  // namespace slipway::assign
