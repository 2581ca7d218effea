// SPDX-License-Identifier: MPL-2.0
#include "tftp/netascii.h"

#include <utility>

namespace slipway::tftp {

Bytes to_netascii(ByteView content) {
  Bytes converted;
  converted.reserve(content.size() + content.size() / 32);
  for (std::uint8_t byte : content) {
    if (byte == '\n') converted.push_back('\r');
    converted.push_back(byte);
    if (byte == '\r') converted.push_back(0);
  }
  return converted;
}

Bytes NetasciiReader::read(ByteView block) {
  Bytes content;
  content.reserve(block.size() + 1);
  for (std::uint8_t byte : block) {
    bool after_cr = std::exchange(after_cr_, byte == '\r');
    if (after_cr && byte == '\n') {
      content.push_back('\n');
    } else {
      if (after_cr) content.push_back('\r');
      bool nul_of_cr = after_cr && byte == 0;
      if (byte != '\r' && !nul_of_cr) content.push_back(byte);
    }
  }
  return content;
}

Bytes NetasciiReader::rest() {
  return std::exchange(after_cr_, false) ? Bytes{'\r'} : Bytes{};
}

}  // namespace slipway::tftp
