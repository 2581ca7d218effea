// SPDX-License-Identifier: MPL-2.0
// The limits that the file sets on its subnets, each one bucket for all who send into it: every transfer
// loop, HTTP as well as TFTP. Immutable but for what the buckets have given; any thread.
#pragma once

#include <memory>
#include <vector>

#include "base/bandwidth.h"
#include "model/plan.h"

namespace slipway::server {

class Bandwidths {
 public:
  /// Those of `plan`. One that was there before, with the same network and rate, is kept with what it gave:
  /// a reload brings no burst.
  Bandwidths(const model::Plan& plan, const Bandwidths* former);

  /// Of the subnet that a client is in. Null: none is set.
  std::shared_ptr<Bandwidth> of(Ipv4 client) const;

 private:
  struct Limit {
    Prefix network;
    std::shared_ptr<Bandwidth> bandwidth;
  };
  std::vector<Limit> limits_;
};

}  // namespace slipway::server
