// SPDX-License-Identifier: MPL-2.0
// Whether a plan fits the machine it is to run on: its interfaces exist and have addresses, its subnets can
// be reached, and the kernel can know all the machines. Pure; the caller says which interfaces there are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/plan.h"

namespace slipway::model {

struct LocalInterface {
  std::string name;
  std::vector<Ipv4> addresses;
  bool has_link_local = true;  ///< of IPv6
};

/// From whatever lists interfaces with a `name`, `ipv4` of something with an `address`, and `link_local`.
template <typename Interfaces>
std::vector<LocalInterface> local_interfaces(const Interfaces& listed) {
  std::vector<LocalInterface> local;
  for (const auto& interface : listed) {
    local.push_back({interface.name, {}, interface.link_local.has_value()});
    for (const auto& at : interface.ipv4) local.back().addresses.push_back(at.address);
  }
  return local;
}

/// Errors keep the daemon from starting; warnings do not. `neighbours`: how many hosts on its own links the
/// kernel can know at once; none: it does not say.
Problems check_ground(const Plan& plan, std::span<const LocalInterface> interfaces,
                      std::optional<std::uint64_t> neighbours = {});

}  // namespace slipway::model
