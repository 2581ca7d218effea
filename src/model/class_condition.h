// SPDX-License-Identifier: MPL-2.0
// When a client belongs to a class or a group. A plain value, any thread; dhcp/classes holds packets
// against it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "model/client.h"
#include "model/pattern.h"

namespace slipway::model {

/// Every part that is set must hold; of a list one suffices.
struct ClassCondition {
  struct OptionTest {
    enum class Kind { present, absent, fits };
    std::uint8_t code = 0;
    Kind kind = Kind::present;
    std::vector<Pattern> patterns;  ///< over the option's bytes, or over what `decode` shows of them
  };

  std::vector<Arch> arch;
  std::vector<Pattern> vendor_class, user_class, mac, uuid;
  std::vector<Pattern> relay_circuit, relay_remote;
  std::vector<Prefix> relay;                ///< where the relay's address (giaddr) lies
  std::vector<std::string> interface;       ///< that the packet came in by
  std::vector<std::uint8_t> message_types;  ///< option 53
  std::vector<std::string> classes;         ///< that it belongs to; they stand before in the file
  std::optional<bool> known;                ///< the machine is in the configuration
  std::vector<OptionTest> options;
  std::vector<ClassCondition> any;   ///< one of these must hold
  std::vector<ClassCondition> none;  ///< and none of these
};

}  // namespace slipway::model
