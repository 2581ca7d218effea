// SPDX-License-Identifier: MPL-2.0
// Which machine of the configuration a MAC address or a lease belongs to. A machine that is configured by
// its UUID, client id or port names no MAC address; what was heard of it since the server started does, and
// its reservation. Looks, keeps nothing. Thread: control.
#pragma once

#include "lease/lease.h"
#include "model/plan.h"
#include "timeline/timeline.h"

namespace slipway::api {

class Names {
 public:
  Names(const model::Plan& plan, const timeline::Timeline& timeline) : plan_(plan), timeline_(timeline) {}

  /// Null: the configuration does not know it.
  const model::Machine* machine(const MacAddress& mac) const;
  const model::Machine* holder(const lease::Lease& lease) const;

 private:
  const model::Plan& plan_;
  const timeline::Timeline& timeline_;
};

}  // namespace slipway::api
