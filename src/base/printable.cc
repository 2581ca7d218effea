// SPDX-License-Identifier: MPL-2.0
#include "base/printable.h"

#include "base/hex.h"

namespace slipway {

namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
}

}  // namespace

std::string without_controls(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    // C1 controls are 0xc2 0x80 to 0xc2 0x9f in UTF-8, and some terminals obey them.
    bool c1 = text[i] == '\xc2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (is_control(text[i]) || c1) {
      result += "\\x" + to_hex(as_bytes(text.substr(i, 1)));
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
      result += "\\x" + to_hex(as_bytes({&c, 1}));
    }
  }
  return result;
}

}  // namespace slipway
