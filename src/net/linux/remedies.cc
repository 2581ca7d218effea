// SPDX-License-Identifier: MPL-2.0
#include "net/remedies.h"

namespace slipway::net {

const Remedies& remedies() {
  static constexpr Remedies linux_ones{
      "ss -lunp",
      "ss -ltnp",
      "ip address",
      "ip link",
      "start as root or with CAP_NET_BIND_SERVICE and CAP_NET_RAW",
      "start as root or with CAP_NET_RAW",
      "restart with CAP_NET_ADMIN, or set the sysctl net.core.rmem_max to {}",
      "say LimitNOFILE={} in its unit (`systemctl edit slipwayd`), or raise the hard limit of whoever starts "
      "it"};
  return linux_ones;
}

}  // namespace slipway::net
