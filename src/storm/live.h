// SPDX-License-Identifier: MPL-2.0
// A storm while it runs, on standard error: one line that is redrawn on a terminal, a line every five
// seconds elsewhere. Reactor's thread.
#pragma once

#include "net/reactor.h"
#include "storm/crowd.h"

namespace slipway::storm {

class Live {
 public:
  Live(net::Reactor& reactor, const Crowd& crowd);
  ~Live() { clear(); }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;
  /// Takes the line off the terminal.
  void clear();

 private:
  void show();

  net::Reactor& reactor_;
  const Crowd& crowd_;
  bool terminal_, drawn_ = false;
  std::uint64_t bytes_ = 0;
  net::Timer timer_;
};

}  // namespace slipway::storm
