// SPDX-License-Identifier: MPL-2.0
// How iPXE reads a line: words between blanks, no quotes of its own, `||`, `&&` and `;` between commands, a
// word that starts with # a comment, and ${...} replaced. What we write and what lint reads agree here.
// Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace slipway::boot {

/// Text for a person, made harmless: one blank between words, no control characters, nothing that ends a
/// command, opens a comment or expands.
std::string ipxe_text(std::string_view text);

/// Words that iPXE would hand on as they are: nothing that ends the command, comments or expands, single
/// blanks only. Otherwise a sentence that says what would happen.
std::string ipxe_fault(std::string_view arguments);

/// One command of a script line.
struct IpxeCommand {
  std::vector<std::string> words;
  std::string ended_by;  ///< "||", "&&", ";", "#" or empty at the end of the line
};

struct IpxeLine {
  int number = 0;    ///< from 1
  std::string text;  ///< as written
  std::string label;
  std::vector<IpxeCommand> commands;
};

/// A script as iPXE splits it; lines joined by a backslash at their end count as their first.
std::vector<IpxeLine> ipxe_lines(std::string_view script);

}  // namespace slipway::boot
