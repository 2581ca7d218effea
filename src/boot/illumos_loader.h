// SPDX-License-Identifier: MPL-2.0
// What illumos' own loader (pxeboot, loader64.efi) reads: boot/loader.conf below the root path that DHCP gave
// it. Its grammar is that of usr/src/boot/forth/support.4th: name="value", or '...', where $ stands for
// itself. The loader brings its other files of /boot along: they are the operator's. Pure, any thread.
#pragma once

#include <string>

#include "boot/finding.h"
#include "boot/ipxe_script.h"

namespace slipway::boot {

/// boot/loader.conf for one machine. Whatever keeps it from booting is said on its console.
std::string loader_conf(const Decision& decision, const ScriptContext& context);

/// What cannot be said to this loader.
Findings lint_illumos(const Decision& decision, const ScriptContext& context);

/// Option 17: "tftp://10.99.99.250/illumos/0c-c4-7a-ab-cd-ef".
std::string illumos_root_path(Ipv4 server, const MacAddress& mac);

/// The file of the image, or of the machine, that this loader means by a path below its root; null: none.
struct LoaderAsks {
  const Entry* entry = nullptr;
  std::string file;                ///< of the entry's image
  const Module* module = nullptr;  ///< one made for the machine
};
LoaderAsks illumos_file(const Decision& decision, std::string_view path);

}  // namespace slipway::boot
