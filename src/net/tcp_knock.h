// SPDX-License-Identifier: MPL-2.0
// Does a TCP port answer? One attempt to connect, without waiting, closed as soon as it is known; nothing is
// sent. Calls back once, never from the constructor; the callback may destroy it. Does not fail: what cannot
// be asked has not answered. Thread: the reactor's.
#pragma once

#include <functional>

#include "base/address.h"
#include "base/unique_fd.h"
#include "net/reactor.h"

namespace slipway::net {

class TcpKnock {
 public:
  TcpKnock(Reactor& reactor, Endpoint to, Duration patience, std::function<void(bool answered)> done);

 private:
  void end(bool answered);

  std::function<void(bool)> done_;
  UniqueFd fd_;
  Timer timer_;
  Watch watch_;
};

}  // namespace slipway::net
