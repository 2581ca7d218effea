// SPDX-License-Identifier: MPL-2.0
#include "wire/tftp_packet.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace slipway::wire {
namespace {

using namespace std::literals;

TftpFault fault_of(std::string_view bytes) {
  auto parsed = parse_tftp(as_bytes(bytes));
  EXPECT_TRUE(parsed.has_error());
  return parsed.error();
}

template <typename T>
T parse_as(std::string_view bytes) {
  auto parsed = parse_tftp(as_bytes(bytes));
  EXPECT_TRUE(parsed.has_value());
  return std::get<T>(*parsed);
}

TEST(TftpPacket, ReadsTheRequestOvmfSends) {
  auto request = parse_as<TftpRequest>(
      "\0\1ipxe.efi\0octet\0tsize\0"
      "0\0blksize\0"
      "1468\0windowsize\0"
      "4\0"sv);
  EXPECT_FALSE(request.write);
  EXPECT_EQ(request.filename, "ipxe.efi");
  EXPECT_EQ(request.mode, "octet");
  EXPECT_EQ(request.options, (TftpOptions{{"tsize", "0"}, {"blksize", "1468"}, {"windowsize", "4"}}));
}

TEST(TftpPacket, ReadsNamesOfModesAndOptionsInEitherCase) {
  auto request = parse_as<TftpRequest>("\0\1f\0OcTeT\0BLKSIZE\0001432\0"sv);
  EXPECT_EQ(request.mode, "octet");
  ASSERT_NE(find_option(request.options, "blksize"), nullptr);
  EXPECT_EQ(*find_option(request.options, "blksize"), "1432");
  EXPECT_EQ(find_option(request.options, "tsize"), nullptr);
}

TEST(TftpPacket, TellsAWriteFromARead) {
  EXPECT_TRUE(parse_as<TftpRequest>("\0\2log\0octet\0"sv).write);
}

TEST(TftpPacket, StripsTheEndMarksThatRomsAppendToFilenames) {
  EXPECT_EQ(parse_as<TftpRequest>("\0\1undionly.kpxe\xff\0octet\0"sv).filename, "undionly.kpxe");
  EXPECT_EQ(parse_as<TftpRequest>("\0\1undionly.kpxe\xff\xff\0octet\0"sv).filename, "undionly.kpxe");
  EXPECT_EQ(fault_of("\0\1\xff\0octet\0"sv), TftpFault::empty_filename);
}

TEST(TftpPacket, TakesPaddingBehindTheLastOptionForNothing) {
  EXPECT_TRUE(parse_as<TftpRequest>("\0\1f\0octet\0\0\0\0\0"sv).options.empty());
  EXPECT_EQ(parse_as<TftpRequest>("\0\1f\0octet\0tsize\0000\0\0\0"sv).options.size(), 1u);
}

TEST(TftpPacket, NamesEveryFault) {
  EXPECT_EQ(fault_of(""sv), TftpFault::too_short);
  EXPECT_EQ(fault_of("\0"sv), TftpFault::too_short);
  EXPECT_EQ(fault_of("\0\4\0"sv), TftpFault::too_short);
  EXPECT_EQ(fault_of("\0\5\0"sv), TftpFault::too_short);
  EXPECT_EQ(fault_of("\0\0"sv), TftpFault::unknown_opcode);
  EXPECT_EQ(fault_of("\0\7"sv), TftpFault::unknown_opcode);
  EXPECT_EQ(fault_of("\1\1f\0octet\0"sv), TftpFault::unknown_opcode);
  EXPECT_EQ(fault_of("\0\1file"sv), TftpFault::unterminated_text);
  EXPECT_EQ(fault_of("\0\1file\0octet"sv), TftpFault::unterminated_text);
  EXPECT_EQ(fault_of("\0\1file\0octet\0tsize"sv), TftpFault::unterminated_text);
  EXPECT_EQ(fault_of("\0\1\0octet\0"sv), TftpFault::empty_filename);
  EXPECT_EQ(fault_of("\0\1file\0octet\0tsize\0"sv), TftpFault::option_without_value);
  EXPECT_EQ(fault_of("\0\1file\0octet\0tsize\0000\0TSIZE\0000\0"sv), TftpFault::duplicate_option);
}

TEST(TftpPacket, RefusesWhatIsTooLong) {
  auto named = [](std::size_t length) {
    return serialize(TftpRequest{false, std::string(length, 'a'), "octet", {}});
  };
  EXPECT_TRUE(parse_tftp(named(max_tftp_filename)).has_value());
  EXPECT_EQ(parse_tftp(named(max_tftp_filename + 1)).error(), TftpFault::filename_too_long);

  TftpRequest request{false, "f", "octet", {{std::string(max_tftp_option_bytes + 1, 'x'), "1"}}};
  EXPECT_EQ(parse_tftp(serialize(request)).error(), TftpFault::option_too_long);

  request.options.clear();
  for (std::size_t i = 0; i <= max_tftp_options; ++i)
    request.options.push_back({"o" + std::to_string(i), "1"});
  EXPECT_EQ(parse_tftp(serialize(request)).error(), TftpFault::too_many_options);
  request.options.pop_back();
  EXPECT_TRUE(parse_tftp(serialize(request)).has_value());
}

TEST(TftpPacket, ReadsAnErrorWithoutItsNul) {
  EXPECT_EQ(parse_as<TftpError>("\0\5\0\10User aborted"sv), (TftpError{8, "User aborted"}));
  EXPECT_EQ(parse_as<TftpError>("\0\5\0\0"sv), (TftpError{0, ""}));
}

TEST(TftpPacket, MakesTheTextOfAnErrorFitForALog) {
  EXPECT_EQ(parse_as<TftpError>("\0\5\0\1a\nb\x1b[2J\xc3\0rest"sv).text, "a\\x0ab\\x1b[2J\\xc3");
  EXPECT_EQ(parse_as<TftpError>("\0\5\0\1"s + std::string(900, 'x')).text.size(), 255u);
}

TEST(TftpPacket, ReadsAnAckWithBytesBehindIt) {
  EXPECT_EQ(parse_as<TftpAck>("\0\4\xff\xff"sv).block, 65535);
  EXPECT_EQ(parse_as<TftpAck>("\0\4\0\7\0\0"sv).block, 7);
}

TEST(TftpPacket, ReadsAnEmptyDataBlock) {
  auto data = parse_as<TftpData>("\0\3\0\7"sv);
  EXPECT_EQ(data.block, 7);
  EXPECT_TRUE(data.payload.empty());
}

TEST(TftpPacket, WritesWhatItReads) {
  TftpRequest request{true, "a/b", "octet", {{"blksize", "1432"}, {"tsize", "0"}}};
  EXPECT_EQ(std::get<TftpRequest>(*parse_tftp(serialize(request))), request);
  TftpOack oack{{{"windowsize", "16"}}};
  EXPECT_EQ(std::get<TftpOack>(*parse_tftp(serialize(oack))), oack);
  TftpError error{1, "no such file"};
  EXPECT_EQ(std::get<TftpError>(*parse_tftp(serialize(error))), error);
  EXPECT_EQ(std::get<TftpAck>(*parse_tftp(serialize(TftpAck{9}))), TftpAck{9});
  Bytes data = serialize(TftpData{3, as_bytes("abc")});
  EXPECT_EQ(as_text(data), "\0\3\0\3abc"sv);
}

TEST(TftpPacket, SurvivesTenThousandMutationsOfARequest) {
  SeededRandom random(1);
  const Bytes real = serialize(
      TftpRequest{false, "undionly.kpxe", "octet", {{"blksize", "1432"}, {"tsize", "0"}, {"x", "y"}}});
  int packets = 0, faults = 0;
  for (int i = 0; i < 10000; ++i) {
    Bytes bytes = real;
    for (std::uint64_t n = random.below(6); n > 0; --n)
      bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
    bytes.resize(random.below(bytes.size() + 1));
    auto parsed = parse_tftp(bytes);
    parsed ? ++packets : ++faults;
    if (parsed.has_error()) {
      EXPECT_NE(to_string(parsed.error()), "unknown");
    }
  }
  EXPECT_GT(packets, 100);
  EXPECT_GT(faults, 1000);
}

}  // namespace
}  // namespace slipway::wire
