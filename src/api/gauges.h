// SPDX-License-Identifier: MPL-2.0
// What is measured when somebody asks: leases, pools, machines, images, the daemon itself, in the Prometheus
// text format. Made anew each time, so that what a reload took away is gone. Thread: control.
#pragma once

#include <string>

#include "api/world.h"

namespace slipway::api {

std::string gauges(const World& world);

}  // namespace slipway::api
