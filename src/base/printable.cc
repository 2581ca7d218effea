// SPDX-License-Identifier: MPL-2.0
#include "base/printable.h"

#include "base/hex.h"

namespace slipway {

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    if (c == '\\') {
      result += "\\\\";
    } else if (c >= ' ' && c <= '~') {
      result += c;
    } else {
      result += "\\x" + to_hex(as_bytes({&c, 1}));
    }
  }
  return result;
}

}  // namespace slipway
