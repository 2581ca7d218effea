// SPDX-License-Identifier: MPL-2.0
// Everyone who follows the events, as server-sent events: an `id:` with the sequence number, a `data:`
// with one EventView. A follower that reads too slowly is cut off by its StreamWriter, never waited for.
// Thread: control.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "api/names.h"
#include "http/stream_writer.h"
#include "timeline/event.h"

namespace slipway::api {

class EventFeed {
 public:
  using Wants = std::function<bool(const timeline::Event&)>;

  /// `wants`: which events; null: all.
  std::shared_ptr<http::StreamWriter> follow(Wants wants);
  void publish(const timeline::Event& event, const Names& names);
  void keep_alive();
  std::size_t size() const { return followers_.size(); }

  /// One event as it is sent.
  static std::string render(const timeline::Event& event, const Names& names);

 private:
  struct Follower {
    std::shared_ptr<http::StreamWriter> writer;
    Wants wants;
  };
  std::list<Follower> followers_;
};

}  // namespace slipway::api
