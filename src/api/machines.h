// SPDX-License-Identifier: MPL-2.0
// Machines as an operator speaks of them: named in the configuration, holding a lease, or only seen on
// the wire. Joins the three. Reads, keeps nothing. Thread: control.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/names.h"
#include "api/schema.h"
#include "assign/state.h"
#include "lease/book.h"
#include "model/plan.h"
#include "timeline/heard.h"
#include "timeline/timeline.h"

namespace slipway::api {

struct FoundMachine {
  const model::Machine* named = nullptr;  ///< of the plan; null: the configuration does not know it
  std::vector<MacAddress> macs;           ///< empty: known by its UUID, say, and not seen yet
};

class Machines {
 public:
  Machines(const model::Plan& plan, const lease::Book& book, const timeline::Timeline& timeline, Instant now,
           const assign::State* assigned = nullptr);

  /// By name, MAC address in any spelling, UUID, reserved or leased address.
  std::optional<FoundMachine> find(std::string_view text) const;
  /// "no machine is called nod1; did you mean node1?"
  Fault unknown(std::string_view text) const;

  /// Those of the configuration first, then strangers, the most recently active first.
  std::vector<FoundMachine> all() const;
  MachineView view(const FoundMachine& machine) const;
  /// Of all its network cards, newest first.
  std::vector<timeline::Boot> boots(const FoundMachine& machine) const;

 private:
  bool was_seen(const MacAddress& mac) const;
  FoundMachine found(const model::Machine& named) const;
  void heard_as(const model::Machine& named, const MacAddress& mac);
  std::optional<timeline::Heard> heard_of(const FoundMachine& machine) const;
  std::optional<timeline::Boot> newest_boot(const FoundMachine& machine) const;

  void add_images(const FoundMachine& machine, MachineView& out) const;

  const model::Plan& plan_;
  const timeline::Timeline& timeline_;
  Names names_;
  Instant now_;
  const assign::State* assigned_;                                      ///< null: nothing is told of images
  std::unordered_map<std::string, std::vector<MacAddress>> heard_as_;  ///< by name, beyond those configured
  std::unordered_map<MacAddress, Ipv4> leased_;
  std::unordered_map<Ipv4, MacAddress> holder_;
};

}  // namespace slipway::api
