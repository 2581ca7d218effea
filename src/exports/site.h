// SPDX-License-Identifier: MPL-2.0
// A site that keeps its own DHCP, TFTP and HTTP servers: where its machines will find what Slipway made, and
// which loaders there are to hand out. Values and choices; pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/names.h"
#include "model/client.h"
#include "model/plan.h"

namespace slipway::exports {

struct Site {
  boot::Base base;                   ///< the site's server; `by_tftp` where it has no HTTP
  std::vector<std::string> loaders;  ///< files that are there, as boot::known_loaders names them
};

/// Firmware of one kind and what it is given first; iPXE itself is given the start script.
struct FirstFile {
  std::string_view name;           ///< a word: "uefi-x64"
  std::vector<model::Arch> archs;  ///< its codes in option 93
  std::string file;                ///< "ipxe.efi"
  bool http_boot = false;          ///< it wants a URL, and "HTTPClient" in option 60
};

/// BIOS is the first: what says nothing of its architecture is one. Kinds without a loader are left out.
std::vector<FirstFile> first_files(const Site& site);

/// Where every iPXE goes on: "http://10.99.99.250/boot.ipxe".
std::string start_script_url(const Site& site);
/// "http://10.99.99.250/ipxe.efi", for HTTP Boot.
std::string first_file_url(const Site& site, const FirstFile& first);

/// The pool's addresses without those that are excluded, in order.
std::vector<model::AddressRange> free_ranges(const model::Subnet& subnet, const model::Pool& pool);

/// A machine that has an address of its own there, under one of its MAC addresses.
struct Reservation {
  std::string name;  ///< empty: it has none that is a host name
  MacAddress mac;
  Ipv4 address;
};
std::vector<Reservation> reservations(const model::Plan& plan, const model::Subnet& subnet);

/// What a plan says that no such snippet carries over: sentences for the operator.
std::vector<std::string> left_out(const model::Plan& plan);

}  // namespace slipway::exports
