// SPDX-License-Identifier: MPL-2.0
// Packets written as hexadecimal text: what `tcpdump -x`, `-xx` and `-X`, hexdump -C, xxd or a log line show.
// Pure; what is not hexadecimal ends nothing and gives nothing.
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace slipway::wire {

/// Each packet of the text. Lines that begin with an offset belong together from offset 0 to the next;
/// lines of nothing but digits are one packet up to an empty or other line.
std::vector<Bytes> packets_in_hex(std::string_view text);

/// The text holds no bytes that a person does not type: it may be hexadecimal.
bool is_text(ByteView bytes);

}  // namespace slipway::wire
