// SPDX-License-Identifier: MPL-2.0
// Tells when `list_interfaces` may say something else: at once where the system sends word, otherwise every
// few seconds whether or not it does. One thread, the reactor's. The constructor throws StartupError.
#pragma once

#include <functional>
#include <memory>

#include "net/reactor.h"

namespace slipway::net {

class InterfaceMonitor {
 public:
  InterfaceMonitor(Reactor& reactor, std::function<void()> look);
  ~InterfaceMonitor();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace slipway::net
