// SPDX-License-Identifier: MPL-2.0
#include "walk/tftp_download.h"

#include <gtest/gtest.h>

namespace slipway::walk {
namespace {

using namespace std::chrono_literals;
using wire::TftpPacket;

const Endpoint server{{0x0a000001}, 69}, transfer{{0x0a000001}, 40000};

Fetch fetch_with(TftpManner manner, bool keep = false) {
  return {{Url::Scheme::tftp, server, "undionly.kpxe"}, manner, false, keep};
}

TftpPacket said(TftpDownload& download, Endpoint to) {
  auto packets = download.take_packets();
  EXPECT_EQ(packets.size(), 1u);
  EXPECT_EQ(packets.at(0).to, to);
  return *wire::parse_tftp(packets.at(0).bytes);
}

Bytes data(std::uint16_t block, std::size_t size) {
  Bytes payload(size, 'x');
  return wire::serialize(wire::TftpData{block, payload});
}

TEST(TftpDownload, AsksForTheSizeFirstAsFirmwareDoes) {
  TftpDownload download(fetch_with({1468, 4, true, true}), Tick{});
  auto probe = std::get<wire::TftpRequest>(said(download, server));
  EXPECT_EQ(probe.options, (wire::TftpOptions{{"tsize", "0"}, {"blksize", "1468"}, {"windowsize", "4"}}));
  download.receive(wire::serialize(wire::TftpOack{{{"tsize", "3000"}, {"blksize", "1468"}}}), transfer,
                   Tick{});
  auto packets = download.take_packets();
  ASSERT_EQ(packets.size(), 2u);
  EXPECT_EQ(packets[0].to, transfer);
  EXPECT_EQ(std::get<wire::TftpError>(*wire::parse_tftp(packets[0].bytes)).code, 8);
  EXPECT_EQ(packets[1].to, server);
  auto real = std::get<wire::TftpRequest>(*wire::parse_tftp(packets[1].bytes));
  EXPECT_EQ(real.options, (wire::TftpOptions{{"blksize", "1468"}, {"windowsize", "4"}}));
}

TEST(TftpDownload, AcknowledgesAWindowAtATime) {
  TftpDownload download(fetch_with({1000, 2}), Tick{});
  said(download, server);
  download.receive(wire::serialize(wire::TftpOack{{{"blksize", "1000"}, {"windowsize", "2"}}}), transfer,
                   Tick{});
  EXPECT_EQ(std::get<wire::TftpAck>(said(download, transfer)).block, 0);
  download.receive(data(1, 1000), transfer, Tick{});
  EXPECT_TRUE(download.take_packets().empty());
  download.receive(data(2, 1000), transfer, Tick{});
  EXPECT_EQ(std::get<wire::TftpAck>(said(download, transfer)).block, 2);
  download.receive(data(3, 10), transfer, Tick{});
  EXPECT_EQ(std::get<wire::TftpAck>(said(download, transfer)).block, 3);
  ASSERT_TRUE(download.end());
  EXPECT_TRUE(download.end()->ok);
  EXPECT_EQ(download.end()->bytes, 2010u);
}

TEST(TftpDownload, TellsAGapOnce) {
  TftpDownload download(fetch_with({1000, 4}), Tick{});
  said(download, server);
  download.receive(wire::serialize(wire::TftpOack{{{"blksize", "1000"}, {"windowsize", "4"}}}), transfer,
                   Tick{});
  download.take_packets();
  download.receive(data(1, 1000), transfer, Tick{});
  download.receive(data(3, 1000), transfer, Tick{});
  download.receive(data(4, 1000), transfer, Tick{});
  EXPECT_EQ(std::get<wire::TftpAck>(said(download, transfer)).block, 1);
}

TEST(TftpDownload, RepeatsItselfAndThenGivesUp) {
  TftpManner manner{512, 1, true, false, 1s, true, 3};
  TftpDownload download(fetch_with(manner), Tick{});
  Bytes request = download.take_packets().at(0).bytes;
  EXPECT_EQ(download.deadline(), Tick{1s});
  download.tick(Tick{1s});
  EXPECT_EQ(download.take_packets().at(0).bytes, request);
  EXPECT_EQ(download.deadline(), Tick{3s});
  download.tick(Tick{3s});
  download.tick(Tick{7s});
  ASSERT_TRUE(download.end());
  EXPECT_EQ(download.end()->why, "the TFTP server fell silent after 0 bytes");
  EXPECT_EQ(download.end()->again, 2u);
}

TEST(TftpDownload, SaysWhatTheServerSays) {
  TftpDownload download(fetch_with({}), Tick{});
  download.receive(wire::serialize(wire::TftpError{1, "no such file"}), transfer, Tick{});
  ASSERT_TRUE(download.end());
  EXPECT_EQ(download.end()->why, "TFTP ERROR 1: no such file");
}

TEST(TftpDownload, HearsNoStranger) {
  TftpDownload download(fetch_with({}), Tick{});
  download.receive(data(1, 512), transfer, Tick{});
  download.receive(data(2, 10), {{0x0a000001}, 40001}, Tick{});
  download.receive(data(2, 10), {{0x0a000002}, 40000}, Tick{});
  EXPECT_FALSE(download.end());
  EXPECT_EQ(download.bytes(), 512u);
}

TEST(TftpDownload, TakesNoSecondAnswerToTheQuestionItBrokeOff) {
  TftpDownload download(fetch_with({1468, 4, true, true}), Tick{});
  Bytes oack = wire::serialize(wire::TftpOack{{{"tsize", "3000"}, {"blksize", "1468"}}});
  download.receive(oack, transfer, Tick{});
  download.take_packets();
  download.receive(oack, transfer, Tick{});
  EXPECT_TRUE(download.take_packets().empty());
  Endpoint anew{{0x0a000001}, 40001};
  download.receive(wire::serialize(wire::TftpOack{{{"blksize", "1468"}}}), anew, Tick{});
  EXPECT_EQ(std::get<wire::TftpAck>(said(download, anew)).block, 0);
}

TEST(TftpDownload, HearsAServerThatSendsEverythingFromItsOnePort) {
  TftpDownload download(fetch_with({1468, 4, true, true}), Tick{});
  Bytes oack = wire::serialize(wire::TftpOack{{{"tsize", "3000"}, {"blksize", "1468"}}});
  download.receive(oack, server, Tick{});
  download.take_packets();
  download.receive(oack, server, Tick{});
  EXPECT_EQ(std::get<wire::TftpAck>(said(download, server)).block, 0);
}

TEST(TftpDownload, ReadsMoreBlocksThanTheWireHasNumbersFor) {
  TftpDownload download(fetch_with({}), Tick{});
  for (std::uint32_t block = 1; block <= 70'000; ++block)
    download.receive(data(static_cast<std::uint16_t>(block), block == 70'000 ? 0 : 512), transfer, Tick{});
  ASSERT_TRUE(download.end());
  EXPECT_EQ(download.end()->bytes, 69'999u * 512);
}

TEST(TftpDownload, KeepsTheBeginningOfAText) {
  TftpDownload download(fetch_with({}, true), Tick{});
  for (std::uint16_t block = 1; block <= 201; ++block)
    download.receive(data(block, block == 201 ? 5 : 512), transfer, Tick{});
  ASSERT_TRUE(download.end());
  EXPECT_EQ(download.end()->text.size(), longest_script);
  EXPECT_EQ(download.end()->bytes, 200u * 512 + 5);
}

}  // namespace
}  // namespace slipway::walk
