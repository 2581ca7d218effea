// SPDX-License-Identifier: MPL-2.0
// The files of one machine below /system/boot: what its profile, its groups and itself say, the nearest of
// each name; networking.json and answers.json as SmartOS reads them (src/node_modules/net-boot-config.js and
// smartos_prompt_config.sh of smartos-live). Pure, any thread; faults are Findings.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "boot/finding.h"
#include "boot/kernel_args.h"
#include "model/plan.h"

namespace slipway::boot {

struct BootFile {
  std::string name;                            ///< below /system/boot: "networking.json"
  std::shared_ptr<const std::string> content;  ///< null: see fault
  std::string sha1;
  std::string fault;  ///< "/etc/slipway/system cannot be read: ..."
};

/// The operator's by name, then those that are made. `machine`: null where the file does not name it; `mac`:
/// of the card that asks.
std::vector<BootFile> boot_files_of(const model::Plan& plan, const model::Profile& profile,
                                    const model::Machine* machine, const MacAddress& mac,
                                    const KernelArgs& args);

/// Everything that would go wrong with these files on a kernel with these arguments.
Findings check(const std::vector<BootFile>& files, const KernelArgs& args);

}  // namespace slipway::boot
