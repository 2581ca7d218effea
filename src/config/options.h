// SPDX-License-Identifier: MPL-2.0
// DHCP options as the file writes them: by name or number, as text, number, list, `{ hex = "0a:0b" }`,
// `{ type = "u16", value = 7 }`, or a table of sub-options (43, 125 and the like). Types are those of the
// one table in wire; what contradicts it, and what belongs to the exchange itself, is refused at its place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/tree.h"
#include "model/option_layer.h"

namespace slipway::config {

/// A table of options.
void read(const Value& value, model::OptionLayer& into, Problems& problems);
/// The section [options]: the same, with `always-send` and `never-send` among them.
void read_everyones_options(const Value& value, model::OptionLayer& into, Problems& problems);

/// Names or numbers of options.
void read_always_send(const Value& value, model::OptionLayer& into, Problems& problems);
void read_never_send(const Value& value, model::OptionLayer& into, Problems& problems);

/// False for the options of the exchange itself, which are not the operator's to set.
bool is_configurable(std::uint8_t code);

/// A DHCP option by number (1 to 254) or by its name in the option table.
std::optional<std::uint8_t> option_code(const std::string& key);
void report_unknown_option(const std::string& name, const Place& place, Problems& problems);

}  // namespace slipway::config
