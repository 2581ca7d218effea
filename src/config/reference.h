// SPDX-License-Identifier: MPL-2.0
// The configuration as a reader looks it up, made from the one table of settings: the page of the manual
// in Markdown and slipway.toml(5) in roff, see man(7). Pure text. docs/reference/configuration.md and
// packaging/man/slipway.toml.5 are what these functions return; a test holds them together.
#pragma once

#include <string>

namespace slipway::config {

std::string reference_markdown();
std::string reference_man_page();

}  // namespace slipway::config
