// SPDX-License-Identifier: MPL-2.0
#include "net/interface_monitor.h"

namespace slipway::net {
namespace {

/// A cable that is plugged in is waited for by a ROM for longer than this.
constexpr auto between_looks = std::chrono::seconds{3};

}  // namespace

struct InterfaceMonitor::Body {
  Body(Reactor& reactor, std::function<void()> told)
      : look(std::move(told)), timer(reactor, [this] {
          timer.after(between_looks);
          look();
        }) {
    timer.after(between_looks);
  }

  std::function<void()> look;
  Timer timer;
};

InterfaceMonitor::InterfaceMonitor(Reactor& reactor, std::function<void()> look)
    : body_(std::make_unique<Body>(reactor, std::move(look))) {}

InterfaceMonitor::~InterfaceMonitor() = default;

}  // namespace slipway::net
