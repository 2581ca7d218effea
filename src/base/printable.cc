// SPDX-License-Identifier: MPL-2.0
#include "base/printable.h"

#include "base/hex.h"

namespace slipway {

namespace {

std::string escaped(char c) {
  return "\\x" + to_hex(as_bytes({&c, 1}));
}

}  // namespace

std::string without_controls(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    // C1 controls are 0xc2 0x80 to 0xc2 0x9f in UTF-8, and some terminals obey them.
    bool c1 = text[i] == '\xc2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    bool c0 = static_cast<unsigned char>(text[i]) < ' ' || text[i] == '\x7f';
    if (c0 || c1) {
      result += escaped(text[i]);
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    if (c == '\\') {
      result += "\\\\";
    } else if (c >= ' ' && c <= '~') {
      result += c;
    } else {
      result += escaped(c);
    }
  }
  return result;
}

}  // namespace slipway
