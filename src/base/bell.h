// SPDX-License-Identifier: MPL-2.0
// How one thread wakes the loop of another: a descriptor that is readable from the first ring until it is
// silenced. Any thread rings; the one that waits silences. Making one throws StartupError.
#pragma once

#include "base/unique_fd.h"

namespace slipway {

class Bell {
 public:
  Bell();
  void ring();
  void silence();
  int fd() const { return heard_.get(); }

 private:
  UniqueFd heard_, struck_;  ///< the second one only where it takes two
};

}  // namespace slipway
