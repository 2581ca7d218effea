// SPDX-License-Identifier: MPL-2.0
// Everyone who follows the events, as server-sent events: an `id:` with the sequence number, a `data:`
// with one EventView. A follower that reads too slowly is cut off by its StreamWriter, never waited for.
// Thread: control.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "http/stream_writer.h"
#include "model/plan.h"
#include "timeline/event.h"

namespace slipway::api {

class EventFeed {
 public:
  /// `macs`: events of these machines alone; empty: all.
  std::shared_ptr<http::StreamWriter> follow(std::vector<MacAddress> macs);
  void publish(const timeline::Event& event, const model::Plan& plan);
  void keep_alive();
  std::size_t size() const { return followers_.size(); }

  /// One event as it is sent.
  static std::string render(const timeline::Event& event, const model::Plan& plan);

 private:
  struct Follower {
    std::shared_ptr<http::StreamWriter> writer;
    std::vector<MacAddress> macs;
  };
  std::list<Follower> followers_;
};

}  // namespace slipway::api
