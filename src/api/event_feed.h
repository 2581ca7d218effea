// SPDX-License-Identifier: MPL-2.0
// Everyone who follows the events, as server-sent events: an `id:` that holds in this life of the daemon
// alone, a `data:` with one EventView. A follower that reads too slowly is cut off by its StreamWriter, never
// waited for. Thread: control.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/names.h"
#include "http/stream_writer.h"
#include "timeline/event.h"

namespace slipway::api {

class EventFeed {
 public:
  using Wants = std::function<bool(const timeline::Event&)>;

  /// `run`: this life of the daemon, unlike every other; without a dash.
  explicit EventFeed(std::string run) : run_(std::move(run)) {}

  /// `wants`: which events; null: all.
  std::shared_ptr<http::StreamWriter> follow(Wants wants);
  void publish(const timeline::Event& event, const Names& names);
  void keep_alive();
  std::size_t size() const { return followers_.size(); }

  /// One event as it is sent.
  std::string render(const timeline::Event& event, const Names& names) const;
  /// The number of the event with this `id:`; nothing for one that this life of the daemon never sent.
  std::optional<std::uint64_t> sequence_of(std::string_view id) const;

 private:
  struct Follower {
    std::shared_ptr<http::StreamWriter> writer;
    Wants wants;
  };
  std::string run_;
  std::list<Follower> followers_;
};

}  // namespace slipway::api
