// SPDX-License-Identifier: MPL-2.0
// What the timeline is told about DHCP packets: a translation of values, nothing else.
#pragma once

#include "dhcp/probes.h"
#include "dhcp/verdict.h"
#include "timeline/event.h"

namespace slipway::server {

timeline::Event event_of_request(const dhcp::Trace& trace);
timeline::Event event_of_answer(const dhcp::Answer& answer, const dhcp::Trace& trace);
/// Somebody uses the address that was to be offered; `found`: the station, where the wire tells.
timeline::Event event_of_conflict(const dhcp::Pending& held, const std::optional<MacAddress>& found);
/// `trace` is null when the bytes were no message at all.
timeline::Event event_of_drop(const dhcp::Ignore& ignore, const dhcp::Trace* trace);

}  // namespace slipway::server
