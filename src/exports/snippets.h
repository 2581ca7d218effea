// SPDX-License-Identifier: MPL-2.0
// Configuration of other people's DHCP servers: the addresses, reservations and boot files that this plan
// gives, for a site that keeps its server. Each is a whole configuration that its server starts with, made to
// be merged. iPXE is known by its user class (option 77) and is given the start script; firmware is given a
// loader by its architecture (option 93, RFC 4578). Pure, any thread, cannot fail.
#pragma once

#include <string>

#include "exports/site.h"

namespace slipway::exports {

/// ISC dhcpd 4.1 and later: dhcpd.conf.
std::string dhcpd_conf(const model::Plan& plan, const Site& site);
/// Kea 2.x: kea-dhcp4.conf, JSON.
std::string kea_conf(const model::Plan& plan, const Site& site);
/// dnsmasq 2.76 and later: a file for /etc/dnsmasq.d.
std::string dnsmasq_conf(const model::Plan& plan, const Site& site);

}  // namespace slipway::exports
