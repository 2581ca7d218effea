// SPDX-License-Identifier: MPL-2.0
#include "tftp/netascii.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace slipway::tftp {
namespace {

Bytes bytes_of(std::string_view text) {
  return Bytes(text.begin(), text.end());
}

Bytes read_all(ByteView text, std::size_t block) {
  NetasciiReader reader;
  Bytes content;
  for (std::size_t at = 0; at < text.size(); at += block) {
    Bytes more = reader.read(text.subspan(at, std::min(block, text.size() - at)));
    content.insert(content.end(), more.begin(), more.end());
  }
  Bytes last = reader.rest();
  content.insert(content.end(), last.begin(), last.end());
  return content;
}

TEST(Netascii, EndsALineWithCrLfAndACrWithNul) {
  EXPECT_EQ(to_netascii(bytes_of("a\n\rb")), bytes_of(std::string_view("a\r\n\r\0b", 6)));
}

TEST(Netascii, ComesBackWhateverItIsCutInto) {
  SeededRandom random(3);
  Bytes content;
  for (int i = 0; i < 2000; ++i) content.push_back(static_cast<std::uint8_t>("\r\n\0a"[random.below(4)]));
  for (std::size_t block : {1u, 2u, 3u, 512u})
    EXPECT_EQ(read_all(to_netascii(content), block), content) << block;
}

TEST(Netascii, KeepsWhatAClientSendsThatDoesNotConvert) {
  EXPECT_EQ(read_all(bytes_of("a\nb\rc\r"), 2), bytes_of("a\nb\rc\r"));
}

}  // namespace
}  // namespace slipway::tftp
