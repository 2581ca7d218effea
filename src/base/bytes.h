// SPDX-License-Identifier: MPL-2.0
// Network byte order in and out. Both cursors have a sticky error: every step after a fault is a
// no-op that yields zero, and the parser asks `ok()` once at the end. They own nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  std::size_t remaining() const { return rest_.size(); }
  bool at_end() const { return rest_.empty(); }

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }

  /// The next `count` bytes, or none and the error set.
  ByteView take(std::size_t count) {
    if (!ok_ || count > rest_.size()) {
      fail();
      return {};
    }
    ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  ByteView take_rest() { return take(rest_.size()); }

  /// Text up to a NUL, which is consumed; no NUL is an error.
  std::string_view c_string() {
    auto end = std::find(rest_.begin(), rest_.end(), std::uint8_t{0});
    if (end == rest_.end()) {
      fail();
      return {};
    }
    std::string_view text = as_text(take(static_cast<std::size_t>(end - rest_.begin())));
    u8();
    return text;
  }

  void fail() {
    ok_ = false;
    rest_ = {};
  }

 private:
  std::uint32_t number(std::size_t width) {
    std::uint32_t value = 0;
    for (std::uint8_t byte : take(width)) value = value << 8 | byte;
    return value;
  }

  ByteView rest_;
  bool ok_ = true;
};

class ByteWriter {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u32(std::uint32_t value) { number(value, 4); }
  void bytes(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void text(std::string_view text) { bytes(as_bytes(text)); }
  void c_string(std::string_view value) {
    text(value);
    u8(0);
  }
  /// `text` cut or padded with NULs to exactly `width` bytes.
  void padded(std::string_view value, std::size_t width) {
    text(value.substr(0, width));
    zeros(width - std::min(width, value.size()));
  }
  void zeros(std::size_t count) { bytes_.insert(bytes_.end(), count, 0); }

  std::size_t size() const { return bytes_.size(); }
  Bytes take() && { return std::move(bytes_); }
  const Bytes& view() const { return bytes_; }

 private:
  void number(std::uint32_t value, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) u8(static_cast<std::uint8_t>(value >> shift));
  }

  Bytes bytes_;
};

}  // namespace slipway
