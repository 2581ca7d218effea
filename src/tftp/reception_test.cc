// SPDX-License-Identifier: MPL-2.0
#include "tftp/reception.h"

#include <gtest/gtest.h>

namespace slipway::tftp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Tick start{seconds(1000)};
constexpr std::uint64_t plenty = 1 << 20;

Terms terms_of(unsigned block_size, unsigned window, bool oack = true) {
  Terms terms;
  terms.block_size = block_size;
  terms.window = window;
  if (oack) terms.granted = {{"blksize", std::to_string(block_size)}};
  return terms;
}

/// The number of the ACK that is to be sent, -1 for an OACK, -2 for an ERROR, nothing for nothing.
std::optional<int> said(Reception& reception) {
  auto answer = reception.take_answer();
  if (!answer) return std::nullopt;
  auto packet = *wire::parse_tftp(*answer);
  if (auto* ack = std::get_if<wire::TftpAck>(&packet)) return ack->block;
  return std::holds_alternative<wire::TftpOack>(packet) ? -1 : -2;
}

std::size_t data(Reception& reception, int block, std::size_t size, Tick now = start) {
  Bytes payload(size, static_cast<std::uint8_t>(block));
  return reception.receive(wire::TftpData{static_cast<std::uint16_t>(block), payload}, now).size();
}

TEST(Reception, AcknowledgesTheLastBlockOnlyWhenItIsStored) {
  Reception reception(terms_of(512, 1, false), plenty, start);
  EXPECT_EQ(said(reception), 0);
  EXPECT_EQ(data(reception, 1, 512), 512u);
  EXPECT_EQ(said(reception), 1);
  EXPECT_EQ(data(reception, 2, 10), 10u);
  EXPECT_EQ(said(reception), std::nullopt);
  EXPECT_TRUE(reception.whole());
  EXPECT_EQ(data(reception, 2, 10), 0u);
  EXPECT_EQ(said(reception), std::nullopt);
  reception.stored(start + seconds(1));
  EXPECT_EQ(said(reception), 2);
  EXPECT_FALSE(reception.outcome());
}

TEST(Reception, SaysTheLastAckOnceMoreWhereItWasLost) {
  Reception reception(terms_of(512, 1, false), plenty, start);
  data(reception, 1, 0);
  reception.stored(start);
  EXPECT_EQ(said(reception), 1);
  data(reception, 1, 0, start + milliseconds(900));
  EXPECT_EQ(said(reception), 1);
  reception.tick(reception.deadline());
  ASSERT_TRUE(reception.outcome());
  EXPECT_EQ(reception.outcome()->ending, Ending::complete);
}

TEST(Reception, AcknowledgesWindowsAndTellsAGapOnce) {
  Reception reception(terms_of(100, 4), plenty, start);
  EXPECT_EQ(said(reception), -1);
  for (int block : {1, 2, 3}) data(reception, block, 100);
  EXPECT_EQ(said(reception), std::nullopt);
  data(reception, 4, 100);
  EXPECT_EQ(said(reception), 4);
  data(reception, 6, 100);
  EXPECT_EQ(said(reception), 4);
  data(reception, 7, 100);
  EXPECT_EQ(said(reception), std::nullopt);
  EXPECT_EQ(data(reception, 5, 100), 100u);
  EXPECT_EQ(data(reception, 8, 100), 0u);
  EXPECT_EQ(said(reception), 5);
}

TEST(Reception, SaysItsAckAgainWhenTheClientIsSilentAndGivesUpInTheEnd) {
  Reception reception(terms_of(512, 1), plenty, start);
  EXPECT_EQ(said(reception), -1);
  int again = 0;
  for (int i = 0; i < 1000 && !reception.outcome(); ++i) {
    reception.tick(reception.deadline());
    if (said(reception) == -1) ++again;
  }
  EXPECT_GT(again, 5);
  EXPECT_EQ(reception.outcome()->ending, Ending::timed_out);
}

TEST(Reception, WaitsNoLongerThanTheClientWishes) {
  Terms terms = terms_of(512, 1);
  terms.timeout = seconds(1);
  Reception reception(terms, plenty, start);
  Tick now = start;
  for (int i = 0; i < 10; ++i) {
    EXPECT_LE(reception.deadline() - now, seconds(1));
    reception.tick(now = reception.deadline());
  }
}

TEST(Reception, TakesNoByteMoreThanItsLimitNorALargerBlock) {
  Reception limited(terms_of(512, 1), 1000, start);
  said(limited);
  EXPECT_EQ(data(limited, 1, 512), 512u);
  said(limited);
  EXPECT_EQ(data(limited, 2, 489), 0u);
  EXPECT_EQ(said(limited), -2);
  EXPECT_EQ(limited.outcome()->text, "this server takes 1000 bytes and no more");
  Reception larger(terms_of(512, 1), plenty, start);
  said(larger);
  EXPECT_EQ(data(larger, 1, 513), 0u);
  EXPECT_EQ(said(larger), -2);
}

TEST(Reception, WrapsTheBlockNumber) {
  Reception reception(terms_of(8, 1), plenty, start);
  said(reception);
  for (int block = 1; block <= 65536 + 10; ++block) {
    ASSERT_EQ(data(reception, block & 0xffff, 8), 8u) << block;
    ASSERT_EQ(said(reception), block & 0xffff);
  }
}

TEST(Reception, EndsWithWhatTheClientSays) {
  Reception reception(terms_of(512, 1), plenty, start);
  reception.receive(wire::TftpError{3, "no more"}, start);
  EXPECT_EQ(reception.outcome()->ending, Ending::client_error);
  EXPECT_EQ(reception.outcome()->text, "no more");
}

}  // namespace
}  // namespace slipway::tftp
