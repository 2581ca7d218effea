// SPDX-License-Identifier: MPL-2.0
// What the answer tells a client to boot: a loader for its architecture, the script for iPXE, a URL for
// UEFI HTTP Boot, nothing for an operating system. Pure. It never guesses a loader for an architecture
// nobody knows: then there is no file, and the note says why.
#pragma once

#include <string>

#include "boot/loader_check.h"
#include "dhcp/inquiry.h"

namespace slipway::dhcp {

struct BootChoice {
  std::string file;          ///< served name or URL; empty: none
  Ipv4 next_server;          ///< siaddr; any(): none
  std::string note;          ///< why this file, or why none: one sentence
  bool chains_ipxe = false;  ///< `file` is an iPXE: for the ChainGuard
  bool own_disk = false;     ///< no file: the policy leaves it to its own disk
  bool by_pi_menu = false;   ///< no file: a Raspberry Pi knows the names, and wants to see its own in a menu

  bool says_something() const { return !file.empty() || by_pi_menu; }
};

using Loaders = boot::Loaders;

/// Any build of iPXE, the operator's own included: all are named after these.
bool is_ipxe(std::string_view file);

/// `may_chain`: this client, an iPXE, may be given another iPXE (ChainGuard).
/// Option 43 of a choice `by_pi_menu`.
Bytes raspberry_pi_menu();

BootChoice choose_boot(const Inquiry& inquiry, const model::Subnet& subnet, const Loaders& loaders,
                       bool may_chain);

}  // namespace slipway::dhcp
