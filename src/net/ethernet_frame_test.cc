// SPDX-License-Identifier: MPL-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "net/test_offer.h"

namespace slipway::net {
namespace {

std::uint32_t ones_complement_sum(ByteView bytes, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 ? bytes[i] : std::uint32_t{bytes[i]} << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

TEST(EthernetFrame, HasChecksumsThatAddUp) {
  for (std::size_t size : {0u, 1u, 2u, 299u, 300u, 1472u}) {
    Bytes payload(size, 0xab);
    Bytes frame = ethernet_frame(offer(payload));
    ASSERT_EQ(frame.size(), 14 + 20 + 8 + size);
    ByteView ip = ByteView(frame).subspan(14, 20), udp = ByteView(frame).subspan(34);
    EXPECT_EQ(ones_complement_sum(ip), 0xffffu);
    std::uint32_t pseudo = ones_complement_sum(ip.subspan(12), 17 + static_cast<std::uint32_t>(udp.size()));
    EXPECT_EQ(ones_complement_sum(udp, pseudo), 0xffffu);
  }
}

TEST(EthernetFrame, NamesBothMachines) {
  Bytes frame = ethernet_frame(offer(as_bytes("hi")));
  ByteReader reader(frame);
  EXPECT_TRUE(std::ranges::equal(reader.take(6), client_mac.bytes));
  EXPECT_TRUE(std::ranges::equal(reader.take(6), server_mac.bytes));
  EXPECT_EQ(reader.u16(), 0x0800);
  EXPECT_EQ(reader.u8(), 0x45);
  reader.take(11);
  EXPECT_EQ(reader.u32(), server.value);
  EXPECT_EQ(reader.u32(), client.value);
  EXPECT_EQ(reader.u16(), 67);
  EXPECT_EQ(reader.u16(), 68);
  EXPECT_EQ(reader.u16(), 10);
  reader.u16();
  EXPECT_EQ(as_text(reader.take_rest()), "hi");
}

TEST(EthernetFrame, NeverSendsAZeroUdpChecksum) {
  // Zero means "none" (RFC 768): a sum that comes to zero is sent as 0xffff.
  Bytes payload(2, 0);
  Bytes plain = ethernet_frame(offer(payload));
  payload = {plain[40], plain[41]};  // makes the sum come out as zero
  Bytes frame = ethernet_frame(offer(payload));
  EXPECT_EQ(frame[40], 0xff);
  EXPECT_EQ(frame[41], 0xff);
}

}  // namespace
}  // namespace slipway::net
