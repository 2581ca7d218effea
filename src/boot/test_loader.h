// SPDX-License-Identifier: MPL-2.0
// For tests only: what passes for an EFI program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace slipway::boot::testing {

/// For this PE machine type, with these texts in it.
inline std::string efi_program(std::uint16_t machine, const std::vector<std::string>& texts) {
  constexpr std::size_t pe = 0x80;
  std::string file(1024, '\0');
  file.replace(0, 2, "MZ");
  file[0x3c] = static_cast<char>(pe);
  file.replace(pe, 2, "PE");
  file[pe + 4] = static_cast<char>(machine & 0xff);
  file[pe + 5] = static_cast<char>(machine >> 8);
  file[pe + 24 + 68] = 10;
  for (const std::string& text : texts) file += text + '\0';
  return file;
}

}  // namespace slipway::boot::testing
