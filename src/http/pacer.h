// SPDX-License-Identifier: MPL-2.0
// Connections whose subnet's bandwidth is used up, until there is more. Those who lack little go first: a
// loader overtakes the archives. Private to http/; one reactor thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/bandwidth.h"
#include "net/reactor.h"

namespace slipway::http {

class Connection;

class Pacer {
 public:
  explicit Pacer(net::Reactor& reactor);

  void wait_for(const std::shared_ptr<Bandwidth>& bandwidth, std::shared_ptr<Connection> connection);

 private:
  struct Queue {
    std::deque<std::shared_ptr<Connection>> short_ones, long_ones;
    bool empty() const { return short_ones.empty() && long_ones.empty(); }
    std::shared_ptr<Connection> next();
  };
  void look();
  void serve(const Bandwidth& bandwidth, Queue& queue);

  net::Reactor& reactor_;
  std::map<std::shared_ptr<Bandwidth>, Queue> waiting_;
  net::Timer timer_;
};

}  // namespace slipway::http
