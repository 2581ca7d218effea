// SPDX-License-Identifier: MPL-2.0
// A disk on an iSCSI target that exists already: what a profile and a machine say of it, put together for
// iPXE (`sanboot`) and for DHCP's root path (RFC 4173 §5). Pure, any thread; faults are Findings.
#pragma once

#include <optional>
#include <string>

#include "boot/finding.h"
#include "model/plan.h"

namespace slipway::boot {

/// CHAP (RFC 1994). Secrets: whoever renders them first makes sure that the machine itself asks.
struct SanCredentials {
  std::string name, secret;
  std::string target_name, target_secret;  ///< empty: the target need not prove itself
};

struct SanDisk {
  std::string uri;        ///< "iscsi:10.99.99.5::3260:0:iqn.2024-01.example.rack:node1"
  std::string target;     ///< for people
  std::string initiator;  ///< empty: iPXE's own
  std::optional<SanCredentials> credentials;
  Findings findings;
};

/// The disk of this machine; nothing where the profile boots an image.
std::optional<SanDisk> san_of(const model::Profile& profile, const model::Machine* machine,
                              const MacAddress& mac);

/// Option 17 for those who start from the disk by themselves; empty: the machine has none.
std::string san_root_path(const model::Plan& plan, const model::Client& client);

}  // namespace slipway::boot
