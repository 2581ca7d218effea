// SPDX-License-Identifier: MPL-2.0
#include "wire/hex_text.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/hex.h"

namespace slipway::wire {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  std::size_t start = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(start);
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// "0x0010:", "00000010:" or "00000010  " at the front of a line; it is taken off.
std::optional<std::size_t> take_offset(std::string_view& line) {
  std::string_view rest = line;
  bool marked = rest.starts_with("0x");
  if (marked) rest.remove_prefix(2);
  std::size_t digits = std::min(rest.find_first_not_of("0123456789abcdefABCDEF"), rest.size());
  std::string_view number = rest.substr(0, digits);
  rest.remove_prefix(digits);
  bool colon = rest.starts_with(':') && (rest.size() == 1 || rest[1] == ' ' || rest[1] == '\t');
  bool dumped = number.size() == 8 && rest.starts_with("  ");  // hexdump -C
  if (number.size() < 4 || number.size() > 8 || !(colon || dumped)) return std::nullopt;
  std::size_t offset = 0;
  std::from_chars(number.data(), number.data() + number.size(), offset, 16);
  line = rest.substr(colon ? 1 : 0);
  return offset;
}

/// The digits of a line; after two blanks in a row behind the first group there is text for people, except
/// in the middle of hexdump -C.
std::optional<Bytes> bytes_in(std::string_view line) {
  line = trimmed(line);
  std::string digits;
  for (std::size_t at = 0; at < line.size();) {
    char c = line[at];
    if (c == '|') break;
    std::size_t gap = std::min(line.find_first_not_of(' ', at), line.size()) - at;
    bool middle = digits.size() == 16 && gap == 2;
    if (gap >= 2 && !middle) break;
    if (gap > 0) {
      at += gap;
      continue;
    }
    ++at;
    if (c != ':' && c != '-' && c != '\t') digits += c;
  }
  return from_hex(digits);
}

class Collector {
 public:
  void line(std::string_view text) {
    text = trimmed(text);
    auto offset = take_offset(text);
    auto bytes = bytes_in(text);
    // hexdump ends with an offset and nothing behind it.
    bool last_offset = with_offsets_ && !offset && bytes && bytes->size() == 4;
    if (!bytes || bytes->empty() || last_offset) return end();
    if (offset ? *offset == 0 : with_offsets_) end();
    with_offsets_ = offset.has_value();
    packet_.insert(packet_.end(), bytes->begin(), bytes->end());
  }
  void end() {
    if (!packet_.empty()) packets_.push_back(std::move(packet_));
    packet_.clear();
    with_offsets_ = false;
  }
  std::vector<Bytes> take() && { return std::move(packets_); }

 private:
  std::vector<Bytes> packets_;
  Bytes packet_;
  bool with_offsets_ = false;
};

}  // namespace

std::vector<Bytes> packets_in_hex(std::string_view text) {
  Collector collector;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    collector.line(line);
  }
  collector.end();
  return std::move(collector).take();
}

bool is_text(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) {
    return byte == '\n' || byte == '\r' || byte == '\t' || byte >= ' ';
  });
}

}  // namespace slipway::wire
