// SPDX-License-Identifier: MPL-2.0
// The Internet checksum (RFC 1071), for the headers we write ourselves. A value.
#pragma once

#include "base/address.h"
#include "base/bytes.h"

namespace slipway::net {

/// An odd last byte counts as the high one of a pair.
class Checksum {
 public:
  void add(std::uint32_t word) { sum_ += word; }
  void add(Ipv4 address) { sum_ += (address.value >> 16) + (address.value & 0xffff); }
  void add(ByteView bytes) {
    std::size_t even = bytes.size() & ~std::size_t{1};
    for (std::size_t i = 0; i < even; i += 2) sum_ += std::uint32_t{bytes[i]} << 8 | bytes[i + 1];
    if (even != bytes.size()) sum_ += std::uint32_t{bytes[even]} << 8;
  }
  std::uint16_t value() const {
    std::uint64_t folded = sum_;
    while (folded >> 16) folded = (folded & 0xffff) + (folded >> 16);
    return static_cast<std::uint16_t>(~folded);
  }

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace slipway::net
