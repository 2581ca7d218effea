// SPDX-License-Identifier: MPL-2.0
// What the timeline is told about DHCP packets: a translation of values, nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "dhcp/probes.h"
#include "dhcp/verdict.h"
#include "timeline/event.h"

namespace slipway::server {

timeline::Event event_of_request(const dhcp::Trace& trace);
/// `left_out`: codes of the options that did not fit.
timeline::Event event_of_answer(const dhcp::Answer& answer, const dhcp::Trace& trace,
                                std::span<const std::uint8_t> left_out = {});
/// "domain-search (119), option 224".
std::string names_of_options(std::span<const std::uint8_t> codes);
/// Somebody uses the address that was to be offered; `found`: the station, where the wire tells.
timeline::Event event_of_conflict(const dhcp::Pending& held, const std::optional<MacAddress>& found);
timeline::Event event_of_drop(const dhcp::Ignore& ignore, const dhcp::Trace& trace);
/// The bytes were no message; `sender`: where they tell.
timeline::Event event_of_unheard(const dhcp::Ignore& ignore, const std::optional<MacAddress>& sender);

}  // namespace slipway::server
