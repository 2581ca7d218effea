// SPDX-License-Identifier: MPL-2.0
// Private to net/icmp.cc.
#pragma once

namespace slipway::net {

/// Has the kernel keep other ICMP messages from waking us, where it can. What comes all the same is read and
/// thrown away.
void hear_echo_answers_only(int socket);

}  // namespace slipway::net
