// SPDX-License-Identifier: MPL-2.0
// Packets that this host itself did not send: a storm that fails for want of them says so. A value.
#pragma once

#include <cstdint>
#include <string>

#include <boost/system/error_code.hpp>

namespace slipway::storm {

struct Troubles {
  std::uint64_t unsent = 0;
  std::string last;  ///< the system's words for the newest

  void note(const boost::system::error_code& error) {
    if (!error) return;
    ++unsent;
    last = error.message();
  }
};

}  // namespace slipway::storm
