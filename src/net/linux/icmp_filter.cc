// SPDX-License-Identifier: MPL-2.0
#include "net/icmp_filter.h"

#include <linux/icmp.h>
#include <sys/socket.h>

namespace slipway::net {

void hear_echo_answers_only(int socket) {
  icmp_filter filter{~(1u << ICMP_ECHOREPLY)};  // bits of what is not to be heard
  ::setsockopt(socket, SOL_RAW, ICMP_FILTER, &filter, sizeof filter);
}

}  // namespace slipway::net
