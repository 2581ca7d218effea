// SPDX-License-Identifier: MPL-2.0
#include "wire/pcap.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace slipway::wire {
namespace {

struct Number {
  bool little;
  void u32(ByteWriter& out, std::uint32_t value) const { out.u32(little ? __builtin_bswap32(value) : value); }
};

/// 10.0.0.1:67 to 10.0.0.2:68, payload "hi", with link-layer padding behind it.
Bytes ip_packet(std::uint16_t fragment = 0) {
  ByteWriter out;
  out.bytes(*from_hex("4500001e0000"));
  out.u16(fragment);
  out.bytes(
      *from_hex("40110000"
                "0a000001"
                "0a000002"
                "00430044"
                "000a0000"
                "6869"
                "0000"));
  return std::move(out).take();
}

Bytes capture_file(std::uint32_t link, const std::vector<Bytes>& frames, Number number = {true},
                   std::uint32_t magic = 0xa1b2c3d4) {
  ByteWriter out;
  number.u32(out, magic);
  out.zeros(16);
  number.u32(out, link);
  for (const Bytes& frame : frames) {
    number.u32(out, 100);
    number.u32(out, 5000);
    number.u32(out, static_cast<std::uint32_t>(frame.size()));
    number.u32(out, static_cast<std::uint32_t>(frame.size()));
    out.bytes(frame);
  }
  return std::move(out).take();
}

Bytes behind(std::string_view link_header, const Bytes& packet = ip_packet()) {
  Bytes bytes = *from_hex(link_header);
  bytes.insert(bytes.end(), packet.begin(), packet.end());
  return bytes;
}

constexpr std::string_view ethernet_header = "ffffffffffff5254007710010800";

void expect_hi(const Bytes& file) {
  auto capture = read_pcap(file);
  ASSERT_TRUE(capture);
  ASSERT_EQ(capture->datagrams.size(), 1u);
  const Datagram& datagram = capture->datagrams[0];
  EXPECT_EQ(datagram.from.to_string(), "10.0.0.1:67");
  EXPECT_EQ(datagram.to.to_string(), "10.0.0.2:68");
  EXPECT_EQ(as_text(datagram.payload), "hi");
  EXPECT_FALSE(datagram.cut);
}

}  // namespace

TEST(Pcap, ReadsEveryLinkTypeThatTcpdumpWritesForIp) {
  expect_hi(capture_file(1, {behind(ethernet_header)}));
  expect_hi(capture_file(1, {behind("ffffffffffff525400771001"
                                    "88a80001"
                                    "81000002"
                                    "0800")}));
  expect_hi(capture_file(101, {ip_packet()}));
  expect_hi(capture_file(228, {ip_packet()}));
  expect_hi(capture_file(113, {behind("00000001000652540077100100000800")}));
  expect_hi(capture_file(276, {behind("0800000000000001000100065254007710010000")}));
}

TEST(Pcap, ReadsBothByteOrdersAndBothClocks) {
  Bytes big = capture_file(101, {ip_packet()}, {false});
  expect_hi(big);
  EXPECT_EQ(read_pcap(big)->datagrams[0].at, Instant{std::chrono::microseconds{100'005'000}});
  Bytes nano = capture_file(101, {ip_packet()}, {true}, 0xa1b23c4d);
  EXPECT_EQ(read_pcap(nano)->datagrams[0].at, Instant{std::chrono::microseconds{100'000'005}});
}

TEST(Pcap, CountsWhatItDoesNotReturn) {
  Bytes tcp = ip_packet();
  tcp[9] = 6;
  auto file = capture_file(101, {ip_packet(0x2000), ip_packet(0x0001), tcp, Bytes{}, ip_packet(0x4000)});
  auto capture = read_pcap(file);
  ASSERT_TRUE(capture);
  EXPECT_EQ(capture->frames, 5u);
  EXPECT_EQ(capture->fragments.size(), 2u);
  EXPECT_EQ(capture->fragments[1].offset, 8u);
  EXPECT_TRUE(capture->fragments[0].more);
  EXPECT_EQ(capture->others, 2u);
  EXPECT_EQ(capture->datagrams.size(), 1u);  // "do not fragment" is no fragment
}

TEST(Pcap, SaysWhenADatagramOrTheFileIsCut) {
  Bytes packet = ip_packet();
  packet.resize(29);
  Bytes short_frame = capture_file(101, {packet});
  auto capture = read_pcap(short_frame);
  ASSERT_TRUE(capture);
  EXPECT_TRUE(capture->datagrams.at(0).cut);
  EXPECT_EQ(as_text(capture->datagrams[0].payload), "h");
  Bytes file = capture_file(101, {ip_packet(), ip_packet()});
  file.pop_back();
  EXPECT_TRUE(read_pcap(file)->truncated);
  EXPECT_EQ(read_pcap(file)->datagrams.size(), 1u);
}

TEST(Pcap, RefusesWhatIsNoCaptureWithASentence) {
  EXPECT_EQ(read_pcap(Bytes{}).error(), PcapError::not_pcap);
  EXPECT_EQ(read_pcap(Bytes(100, 'x')).error(), PcapError::not_pcap);
  EXPECT_EQ(read_pcap(capture_file(105, {})).error(), PcapError::unsupported_link_type);
  EXPECT_EQ(read_pcap(*from_hex("d4c3b2a100000000")).error(), PcapError::not_pcap);
  EXPECT_NE(to_string(PcapError::not_pcap).find("magic number"), std::string_view::npos);
}

// --- pcapng ---------------------------------------------------------------------------------------

/// One block: type, length, body, padding, length again.
void block(ByteWriter& out, Number number, std::uint32_t type, Bytes body) {
  body.resize((body.size() + 3) & ~std::size_t{3});
  auto length = static_cast<std::uint32_t>(body.size() + 12);
  number.u32(out, type);
  number.u32(out, length);
  out.bytes(body);
  number.u32(out, length);
}

Bytes section(Number number) {
  ByteWriter out;
  number.u32(out, 0x1a2b3c4d);
  out.zeros(12);
  return std::move(out).take();
}

/// if_tsresol: nanoseconds.
Bytes interface(Number number, std::uint16_t link) {
  ByteWriter out;
  if (number.little) {
    out.u8(static_cast<std::uint8_t>(link)), out.u8(static_cast<std::uint8_t>(link >> 8)), out.zeros(6);
    out.bytes(*from_hex("090001000900000000000000"));
  } else {
    out.u16(link), out.zeros(6);
    out.bytes(*from_hex("000900010900000000000000"));
  }
  return std::move(out).take();
}

Bytes enhanced(Number number, std::uint64_t ticks, const Bytes& frame) {
  ByteWriter out;
  number.u32(out, 0);
  number.u32(out, static_cast<std::uint32_t>(ticks >> 32));
  number.u32(out, static_cast<std::uint32_t>(ticks));
  number.u32(out, static_cast<std::uint32_t>(frame.size()));
  number.u32(out, static_cast<std::uint32_t>(frame.size()));
  out.bytes(frame);
  return std::move(out).take();
}

Bytes pcapng_file(Number number, std::uint16_t link, const Bytes& frame) {
  ByteWriter out;
  block(out, number, 0x0a0d0d0a, section(number));
  block(out, number, 1, interface(number, link));
  block(out, number, 5, Bytes(8, 0));  // statistics: passed over
  block(out, number, 6, enhanced(number, 100'005'000'000, frame));
  return std::move(out).take();
}

TEST(Pcapng, IsReadInBothByteOrders) {
  for (bool little : {true, false}) {
    Bytes file = pcapng_file({little}, 1, behind(ethernet_header));
    expect_hi(file);
    EXPECT_EQ(read_pcap(file)->datagrams[0].at, Instant{std::chrono::microseconds{100'005'000}});
  }
}

TEST(Pcapng, SaysWhatIsWrongWithIt) {
  Bytes odd = pcapng_file({true}, 105, ip_packet());
  EXPECT_EQ(read_pcap(odd).error(), PcapError::unsupported_link_type);
  Bytes file = pcapng_file({true}, 1, behind(ethernet_header));
  file[4] = 13;  // no block has such a length
  EXPECT_EQ(read_pcap(file).error(), PcapError::frame_too_long);
  Bytes cut = pcapng_file({true}, 1, behind(ethernet_header));
  cut.resize(cut.size() - 5);
  EXPECT_TRUE(read_pcap(cut)->truncated);
  EXPECT_TRUE(read_pcap(cut)->datagrams.empty());
}

// --- streams --------------------------------------------------------------------------------------

TEST(CaptureStream, GivesEachFrameAsSoonAsItIsThere) {
  for (const Bytes& file :
       {capture_file(101, {ip_packet(), ip_packet()}), pcapng_file({true}, 101, ip_packet())}) {
    CaptureStream stream;
    std::size_t datagrams = 0;
    for (std::uint8_t byte : file) {
      stream.feed({&byte, 1});
      while (auto packet = stream.next()) {
        ASSERT_TRUE(packet->datagram);
        EXPECT_EQ(as_text(packet->datagram->payload), "hi");
        ++datagrams;
      }
    }
    EXPECT_EQ(datagrams, read_pcap(file)->datagrams.size());
    EXPECT_FALSE(stream.is_inside_frame());
    EXPECT_FALSE(stream.error());
  }
}

TEST(CaptureStream, NamesWhatIsNoCaptureAndAFrameThatCannotBe) {
  CaptureStream stream;
  stream.feed(as_bytes("hello"));
  EXPECT_FALSE(stream.next());
  EXPECT_EQ(stream.error(), PcapError::not_pcap);
  Bytes file = capture_file(101, {ip_packet()});
  file[24 + 11] = 0x7f;  // the length of its first frame, its highest byte
  EXPECT_EQ(read_pcap(file).error(), PcapError::frame_too_long);
}

}  // namespace slipway::wire
