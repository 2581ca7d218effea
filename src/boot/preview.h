// SPDX-License-Identifier: MPL-2.0
// What is to be said about what a machine would be served: a refusal, lint's findings, what its firmware
// could not start. The command line and the API say the same. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/loader_check.h"
#include "boot/loader_lint.h"

namespace slipway::boot {

struct Remark {
  std::string_view id, severity;  ///< severity: "error", "warning", "note"
  std::string sentence, remedy;
  int line = 0;  ///< of the rendered text, from 1; 0: the whole
};

/// Makes it the iPXE that firmware of its architecture is given; where that file does not tell what it can
/// do, nothing changes.
void become_ipxe(const Loaders& here, model::Client& client);

/// `client`: with its architecture.
std::vector<Remark> remarks_on(Language language, const Decision& decision, const model::Client& client,
                               const ScriptContext& context);

}  // namespace slipway::boot
