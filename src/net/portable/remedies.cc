// SPDX-License-Identifier: MPL-2.0
// In the words of illumos, for which this path is there.
#include "net/remedies.h"

namespace slipway::net {

const Remedies& remedies() {
  static constexpr Remedies those_of_illumos{
      "netstat -anu -P udp",
      "netstat -anu -P tcp",
      "ipadm show-addr",
      "dladm show-link",
      "start it by SMF with the privilege net_privaddr, or as root",
      "start it by SMF with the privilege net_icmpaccess, or as root",
      "allow for more with `ipadm set-prop -p max_buf={} udp`",
      "raise process.max-file-descriptor to {} (`projmod`, or `ulimit -n` in the start method)"};
  return those_of_illumos;
}

}  // namespace slipway::net
