// SPDX-License-Identifier: MPL-2.0
// The endpoints about events, and everyone who follows them. Thread: control.
#pragma once

#include "api/event_feed.h"
#include "api/machines.h"
#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

class EventDesk {
 public:
  explicit EventDesk(const World& world) : world_(world) {}

  http::Response list(const http::Request& request, const http::Captures&);

  void publish(const timeline::Event& event);
  void keep_alive() { feed_.keep_alive(); }
  std::size_t followers() const { return feed_.size(); }

 private:
  http::Response follow(const http::Request& request, std::uint64_t since, const FoundMachine* whose);
  EventFeed::Wants wanted_of(const FoundMachine& whose) const;

  const World& world_;
  EventFeed feed_;
};

}  // namespace slipway::api
