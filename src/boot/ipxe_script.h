// SPDX-License-Identifier: MPL-2.0
// iPXE scripts: what a machine fetches after its loader runs. Whatever was decided is a script: an entry,
// a menu, the local disk, or the reason why not. Every line that can fail leads to a message on the
// console, a growing pause and another try with a fresh script. Only commands that iPXE builds for BIOS
// of 2019 know are used. Pure, any thread, cannot fail.
#pragma once

#include <string>
#include <vector>

#include "boot/decide.h"
#include "boot/names.h"

namespace slipway::boot {

struct ScriptContext {
  Base base;
  MacAddress mac;
  std::string machine;     ///< what `slipway explain` is to be asked: a name, or the MAC address
  std::string request_id;  ///< printed with every refusal, found again in the log and timeline
  std::string diagnosis;   ///< of a refusal: its id in docs/diagnoses.md; empty: none is told
  std::string page;        ///< where the machine's story can be read; empty: nowhere
  std::string again;       ///< path of what is fetched for the next try; empty: the machine's own script
  bool secrets = false;    ///< the machine itself asks: what is for nobody else may stand in it
  bool explains = true;    ///< the server can be asked why; not where its files were exported to another
};

/// "node1 (0c:c4:7a:ab:cd:ef)", for the head of what is rendered.
std::string made_for(const ScriptContext& context);
/// Lines for a console: where the whole story is told.
std::vector<std::string> where_to_look(const ScriptContext& context);

/// The script for one machine. `Silent` gives a script, too, for who asks all the same.
std::string ipxe_script(const Decision& decision, const ScriptContext& context);

/// "/boot.ipxe": sends every machine to the script of its own MAC address; to `otherwise`, a URL, where the
/// server has none. Empty: it always has one.
std::string ipxe_start_script(const Base& base, std::string_view otherwise = {});

}  // namespace slipway::boot
