// SPDX-License-Identifier: MPL-2.0
// Finds out whether machines that were given everything come up, where their profile names something that is
// to be asked or waited for: a TCP port that answers, or that it does not come back to boot. What it finds is
// an event, Kind::machine_up; what that means is the timeline's to say. So many machines and sockets at once
// and no more. Thread: control. Nothing fails.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "net/reactor.h"
#include "net/tcp_knock.h"
#include "timeline/timeline.h"

namespace slipway::server {

struct UpWatchLimits {
  std::size_t machines = 16384;
  std::size_t knocks = 64;  ///< at once
  Duration patience = std::chrono::seconds(2);
  Duration pause = std::chrono::seconds(5);  ///< between two knocks at one machine
  Duration turn = std::chrono::seconds(1);
  Duration late_pause = std::chrono::seconds(60);  ///< when its time is over: it may come up after all
  Duration gives_up = std::chrono::hours(24);
};

class UpWatch {
 public:
  UpWatch(net::Reactor& reactor, std::function<void(timeline::Event&&)> record, UpWatchLimits limits = {});

  /// Every event that was just recorded.
  void hear(const timeline::Event& event, const timeline::Timeline& timeline);
  std::size_t watched() const { return watched_.size(); }

 private:
  struct Watched {
    std::uint64_t boot = 0;
    Ipv4 address;
    model::UpRule rule;
    Tick deadline{}, next{};
    std::unique_ptr<net::TcpKnock> knock;
  };

  void begin(const MacAddress& machine, const timeline::Boot& boot);
  void look();
  void knock(const MacAddress& machine, Watched& watched);
  void is_up(const MacAddress& machine, std::string by);

  net::Reactor& reactor_;
  std::function<void(timeline::Event&&)> record_;
  UpWatchLimits limits_;
  std::unordered_map<MacAddress, Watched> watched_;
  std::size_t knocking_ = 0;
  net::Timer timer_;
};

}  // namespace slipway::server
