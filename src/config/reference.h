// SPDX-License-Identifier: MPL-2.0
// The configuration as a reader looks it up, made from the one table of settings: the page of the manual
// in Markdown and slipway.toml(5) in roff, see man(7). Pure text. docs/reference/configuration.md and
// packaging/man/slipway.toml.5 are what these functions return; a test holds them together.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace slipway::config {

/// A type that an option may be said to have, as { type = "u16", value = 1500 }.
struct OptionTypeDoc {
  std::string_view type, example;
};
std::span<const OptionTypeDoc> option_types();

std::string reference_markdown();
std::string reference_man_page();

}  // namespace slipway::config
