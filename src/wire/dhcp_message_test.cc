// SPDX-License-Identifier: MPL-2.0
#include "wire/dhcp_message.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace slipway::wire {
namespace {

constexpr std::size_t cookie_at = 236, options_at = 240;

DhcpMessage discover() {
  DhcpMessage message;
  message.xid = 0x12345678;
  message.secs = 4;
  message.flags = broadcast_flag;
  message.set_mac(*MacAddress::parse("0c:c4:7a:ab:cd:ef"));
  message.options.set<opt::MessageType>(MessageType::discover);
  return message;
}

/// A message with these bytes after the cookie, and these in `file` and `sname`.
Bytes raw_message(Bytes options, Bytes file = {}, Bytes sname = {}) {
  Bytes bytes(options_at, 0);
  bytes[0] = 1;
  bytes[1] = 1;
  bytes[2] = 6;
  std::copy(sname.begin(), sname.end(), bytes.begin() + 44);
  std::copy(file.begin(), file.end(), bytes.begin() + 108);
  const Bytes cookie{99, 130, 83, 99};
  std::copy(cookie.begin(), cookie.end(), bytes.begin() + cookie_at);
  bytes.insert(bytes.end(), options.begin(), options.end());
  return bytes;
}

DhcpError error_of(const Bytes& bytes) {
  auto message = parse_dhcp(bytes);
  EXPECT_FALSE(message);
  return message ? DhcpError{} : message.error();
}

}  // namespace

TEST(DhcpMessage, ComesBackAsItWentOut) {
  DhcpMessage message = discover();
  message.op = Op::boot_reply;
  message.hops = 1;
  message.ciaddr = *Ipv4::parse("10.0.0.1");
  message.yiaddr = *Ipv4::parse("10.0.0.2");
  message.siaddr = *Ipv4::parse("10.0.0.3");
  message.giaddr = *Ipv4::parse("10.0.0.4");
  message.chaddr[15] = 0x5a;  // all sixteen bytes are the client's to use
  message.sname = "server";
  message.file = "undionly.kpxe";
  message.options.set<opt::LeaseTime>(std::chrono::seconds{3600});
  auto back = parse_dhcp(serialize(message).bytes);
  ASSERT_TRUE(back);
  EXPECT_TRUE(*back == message);
}

TEST(DhcpMessage, IsNeverShorterThanBootpAllows) {
  Bytes bytes = serialize(discover()).bytes;
  EXPECT_EQ(bytes.size(), min_dhcp_size);
  EXPECT_EQ(Bytes(bytes.begin() + options_at, bytes.begin() + options_at + 4), (Bytes{53, 1, 1, 255}));
}

TEST(DhcpMessage, HasNoMacWhereTheHardwareIsNotEthernet) {
  DhcpMessage message = discover();
  EXPECT_EQ(message.mac(), MacAddress::parse("0c:c4:7a:ab:cd:ef"));
  message.htype = 32;  // InfiniBand, RFC 4390
  EXPECT_FALSE(message.mac());
  message.htype = 1;
  message.hlen = 0;
  EXPECT_FALSE(message.mac());
}

TEST(DhcpMessage, WritesTheMessageTypeFirstAndTheRelayOptionLast) {
  DhcpMessage message;
  message.options.set<opt::RelayAgent>({1, 2, 3, 4});
  message.options.set<opt::DomainName>("example.org");
  message.options.set<opt::MessageType>(MessageType::ack);
  Bytes bytes = serialize(message).bytes;
  EXPECT_EQ(bytes[options_at], opt::MessageType::code);
  const Bytes tail{82, 4, 1, 2, 3, 4, 255};
  auto found = std::search(bytes.begin(), bytes.end(), tail.begin(), tail.end());
  ASSERT_NE(found, bytes.end());
  EXPECT_TRUE(std::all_of(found + 7, bytes.end(), [](std::uint8_t byte) { return byte == 0; }));
}

TEST(DhcpMessage, JoinsAnOptionThatCameInPieces) {
  auto message = parse_dhcp(raw_message({60, 2, 'P', 'X', 53, 1, 1, 60, 2, 'E', 'C', 255}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->options.get<opt::VendorClass>(), "PXEC");
}

TEST(DhcpMessage, SplitsALongOptionAndJoinsItAgain) {
  DhcpMessage message = discover();
  message.options.set_raw(43, Bytes(600, 7));
  auto out = serialize(message, 1400);
  EXPECT_TRUE(out.left_out.empty());
  auto back = parse_dhcp(out.bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->options.get<opt::VendorOptions>(), Bytes(600, 7));
}

TEST(DhcpMessage, ReadsPaddingInsideAndDoesWithoutAnEnd) {
  auto message = parse_dhcp(raw_message({0, 0, 53, 1, 1, 0, 12, 2, 'a', 'b'}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->options.get<opt::HostName>(), "ab");
}

TEST(DhcpMessage, ReadsNothingBehindTheEnd) {
  auto message = parse_dhcp(raw_message({53, 1, 1, 255, 12, 200, 1}));
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->options.has(12));
}

TEST(DhcpMessage, ReadsOptionsFromFileAndServerNameWhenOverloaded) {
  auto message = parse_dhcp(
      raw_message({53, 1, 1, 52, 1, 3, 60, 1, 'a', 255}, {60, 1, 'b', 255}, {60, 1, 'c', 12, 1, 'h', 255}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->options.get<opt::VendorClass>(), "abc");  // RFC 3396 §5: file before sname
  EXPECT_EQ(message->options.get<opt::HostName>(), "h");
  EXPECT_FALSE(message->options.has(52));
  EXPECT_EQ(message->file, "");
  EXPECT_EQ(message->sname, "");
}

TEST(DhcpMessage, TakesFileForAFileWithoutOverload) {
  auto message = parse_dhcp(raw_message({53, 1, 1, 255}, {'a', 0, 'b'}, Bytes(64, 's')));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->file, "a");
  EXPECT_EQ(message->sname, std::string(63, 's'));  // an unterminated name ends with its field
}

TEST(DhcpMessage, OverloadsFileThenServerNameWhenOptionsAreMany) {
  DhcpMessage message = discover();
  for (std::uint8_t code = 128; code < 144; ++code) message.options.set_raw(code, Bytes(25, code));
  auto out = serialize(message);
  EXPECT_TRUE(out.left_out.empty());
  EXPECT_LE(out.bytes.size(), default_max_size - ip_udp_overhead);
  auto back = parse_dhcp(out.bytes);
  ASSERT_TRUE(back);
  EXPECT_TRUE(*back == message);
}

TEST(DhcpMessage, LeavesFileAndServerNameAloneWhenTheyAreUsed) {
  DhcpMessage message = discover();
  message.file = "undionly.kpxe";
  message.sname = "boothost";
  for (std::uint8_t code = 128; code < 140; ++code) message.options.set_raw(code, Bytes(30, code));
  auto out = serialize(message);
  EXPECT_EQ(out.left_out, (std::vector<std::uint8_t>{137, 138, 139}));
  EXPECT_LE(out.bytes.size(), default_max_size - ip_udp_overhead);
  auto back = parse_dhcp(out.bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->file, "undionly.kpxe");
  EXPECT_EQ(back->sname, "boothost");
  EXPECT_EQ(back->options.entries().size(), 10u);
}

TEST(DhcpMessage, NeverOverloadsForABootpClient) {
  DhcpMessage message;
  for (std::uint8_t code = 128; code < 132; ++code) message.options.set_raw(code, Bytes(25, code));
  auto out = serialize(message, min_dhcp_size);
  EXPECT_EQ(out.left_out, (std::vector<std::uint8_t>{130, 131}));
  EXPECT_EQ(out.bytes.size(), min_dhcp_size);
}

TEST(DhcpMessage, KeepsTheRelayOptionWhateverElseMustGo) {
  DhcpMessage message = discover();
  message.file = "f";
  message.sname = "s";
  message.options.set_raw(43, Bytes(250, 1));
  message.options.set<opt::RelayAgent>(Bytes(100, 2));
  auto out = serialize(message);
  EXPECT_EQ(out.left_out, (std::vector<std::uint8_t>{43}));
  auto back = parse_dhcp(out.bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->options.get<opt::RelayAgent>(), Bytes(100, 2));
}

TEST(DhcpMessage, NeverExceedsTheSizeTheClientNamed) {
  DhcpMessage message = discover();
  for (int code = 100; code < 254; ++code)
    message.options.set_raw(static_cast<std::uint8_t>(code), Bytes(40, 1));
  for (std::size_t size : {0, 300, 301, 548, 1000, 1472, 100000}) {
    EXPECT_LE(serialize(message, size).bytes.size(), std::clamp(size, min_dhcp_size, max_dhcp_size)) << size;
  }
}

TEST(DhcpMessage, TakesABootpRequestWithoutVendorInformation) {
  Bytes bytes = raw_message(Bytes(60, 0));
  std::fill(bytes.begin() + cookie_at, bytes.end(), std::uint8_t{0});
  auto message = parse_dhcp(bytes);
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->is_bootp());
  bytes[options_at + 20] = 99;
  EXPECT_EQ(error_of(bytes), DhcpError::wrong_cookie);
}

TEST(DhcpMessage, NamesWhatIsWrongWithBytes) {
  Bytes good = raw_message({53, 1, 1, 255});
  auto with = [&good](std::size_t at, std::uint8_t value) {
    Bytes bytes = good;
    bytes[at] = value;
    return bytes;
  };
  EXPECT_EQ(error_of(Bytes(good.begin(), good.begin() + 235)), DhcpError::too_short);
  EXPECT_EQ(error_of(raw_message(Bytes(5000, 0))), DhcpError::too_long);
  EXPECT_EQ(error_of(with(0, 3)), DhcpError::bad_op);
  EXPECT_EQ(error_of(with(2, 17)), DhcpError::bad_hlen);
  EXPECT_EQ(error_of(with(cookie_at, 98)), DhcpError::wrong_cookie);
  EXPECT_EQ(error_of(Bytes(good.begin(), good.begin() + 238)), DhcpError::wrong_cookie);
  EXPECT_EQ(error_of(raw_message({53, 1, 1, 92, 255, 1})), DhcpError::option_past_end);
  EXPECT_EQ(error_of(raw_message({53, 1, 1, 92})), DhcpError::option_past_end);
  EXPECT_EQ(error_of(raw_message({52, 1, 4, 255})), DhcpError::bad_overload);
  EXPECT_EQ(error_of(raw_message({52, 2, 1, 1, 255})), DhcpError::bad_overload);
  EXPECT_EQ(error_of(raw_message({52, 1, 1, 255}, Bytes(128, 60))), DhcpError::option_past_end);
}

TEST(DhcpMessage, GivesEveryErrorItsOwnName) {
  std::vector<std::string_view> names;
  for (int error = 0; error <= static_cast<int>(DhcpError::bad_overload); ++error) {
    names.push_back(to_string(static_cast<DhcpError>(error)));
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace slipway::wire
