// SPDX-License-Identifier: MPL-2.0
#include "tftp/transfer.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace slipway::tftp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Tick start{seconds(1000)};

Terms terms_of(unsigned block_size, unsigned window, bool oack = true) {
  Terms terms;
  terms.block_size = block_size;
  terms.window = window;
  if (oack) terms.granted = {{"blksize", std::to_string(block_size)}};
  return terms;
}

Bytes noise(std::size_t size, std::uint64_t seed = 7) {
  SeededRandom random(seed);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

/// The block numbers that may leave now; they are taken as sent.
std::vector<int> send_all(Transfer& transfer, Tick now) {
  std::vector<int> blocks;
  std::array<Packet, 8> packets;
  while (std::size_t count = transfer.pending(packets)) {
    for (std::size_t i = 0; i < count; ++i)
      blocks.push_back(packets[i].header_size ? packets[i].header[2] << 8 | packets[i].header[3] : 0);
    transfer.sent(count, now);
  }
  return blocks;
}

void ack(Transfer& transfer, int block, Tick now) {
  transfer.receive(wire::TftpAck{static_cast<std::uint16_t>(block)}, now);
}

using Blocks = std::vector<int>;

TEST(Transfer, SendsTheOackAloneAndDataAfterAckZero) {
  Bytes content = noise(1000);
  Transfer transfer(content.size(), terms_of(100, 4), start);
  EXPECT_EQ(send_all(transfer, start), (Blocks{0}));
  ack(transfer, 0, start + milliseconds(1));
  EXPECT_EQ(send_all(transfer, start + milliseconds(1)), (Blocks{1, 2, 3, 4}));
}

TEST(Transfer, SendsDataAtOnceWithoutOptions) {
  Bytes content = noise(1000);
  Transfer transfer(content.size(), terms_of(512, 1, false), start);
  EXPECT_EQ(send_all(transfer, start), (Blocks{1}));
  ack(transfer, 1, start);
  EXPECT_EQ(send_all(transfer, start), (Blocks{2}));
  EXPECT_FALSE(transfer.outcome());
  ack(transfer, 2, start + milliseconds(5));
  ASSERT_TRUE(transfer.outcome());
  EXPECT_EQ(transfer.outcome()->ending, Ending::complete);
  EXPECT_EQ(transfer.outcome()->bytes, 1000u);
  EXPECT_EQ(transfer.outcome()->resent, 0u);
  EXPECT_EQ(transfer.outcome()->duration, milliseconds(5));
}

TEST(Transfer, EndsAWholeMultipleWithAnEmptyBlock) {
  Bytes content = noise(1024);
  Transfer transfer(content.size(), terms_of(512, 8, false), start);
  EXPECT_EQ(send_all(transfer, start), (Blocks{1, 2, 3}));
  ack(transfer, 2, start + seconds(1));
  std::array<Packet, 1> packet;
  ASSERT_EQ(transfer.pending(packet), 1u);
  EXPECT_EQ(packet[0].length, 0u);
  EXPECT_FALSE(transfer.outcome());
  ack(transfer, 3, start + seconds(1));
  EXPECT_EQ(transfer.outcome()->bytes, 1024u);
}

TEST(Transfer, SendsAnEmptyFileAsOneEmptyBlock) {
  Transfer transfer(0, terms_of(512, 1, false), start);
  EXPECT_EQ(send_all(transfer, start), (Blocks{1}));
  ack(transfer, 1, start);
  EXPECT_EQ(transfer.outcome()->ending, Ending::complete);
}

TEST(Transfer, NeverAnswersADuplicateAckWithDataInLockStep) {
  Bytes content = noise(5000);
  Transfer transfer(content.size(), terms_of(512, 1, false), start);
  send_all(transfer, start);
  ack(transfer, 1, start);
  EXPECT_EQ(send_all(transfer, start), (Blocks{2}));
  for (int i = 0; i < 50; ++i) {
    ack(transfer, 1, start + milliseconds(i));
    EXPECT_EQ(send_all(transfer, start + milliseconds(i)), Blocks{});
  }
}

/// A window of eight that was sent four times without an answer; when the last time was.
Tick backed_off(Transfer& transfer) {
  Tick now = start;
  send_all(transfer, now);
  for (int again = 0; again < 3; ++again) {
    now = transfer.deadline();
    transfer.tick(now);
    send_all(transfer, now);
  }
  EXPECT_EQ(transfer.deadline() - now, milliseconds(2400));
  return now;
}

TEST(Transfer, EndsItsBackOffWhenAnAckProvesALoss) {
  Bytes content = noise(20 * 512);
  Transfer transfer(content.size(), terms_of(512, 8, false), start);
  Tick now = backed_off(transfer) + milliseconds(1);
  ack(transfer, 3, now);
  EXPECT_EQ(transfer.deadline() - now, milliseconds(300));
}

TEST(Transfer, KeepsItsBackOffWhenThePathMayJustBeSlow) {
  Bytes content = noise(20 * 512);
  Transfer transfer(content.size(), terms_of(512, 8, false), start);
  Tick now = backed_off(transfer) + milliseconds(1);
  ack(transfer, 8, now);
  EXPECT_EQ(transfer.deadline() - now, milliseconds(2400));
}

TEST(Transfer, IgnoresAcksOfBlocksNeverSentAndOfLongAgo) {
  Bytes content = noise(5000);
  Transfer transfer(content.size(), terms_of(512, 2, false), start);
  send_all(transfer, start);
  ack(transfer, 3, start);
  ack(transfer, 40000, start);
  EXPECT_EQ(send_all(transfer, start), Blocks{});
  ack(transfer, 2, start);
  EXPECT_EQ(send_all(transfer, start), (Blocks{3, 4}));
  ack(transfer, 1, start + seconds(1));
  EXPECT_EQ(send_all(transfer, start + seconds(1)), Blocks{});
  EXPECT_EQ(transfer.bytes_acknowledged(), 1024u);
}

TEST(Transfer, GoesBackToTheBlockBehindAnAckInsideTheWindow) {
  Bytes content = noise(5000);
  Transfer transfer(content.size(), terms_of(100, 4), start);
  send_all(transfer, start);
  ack(transfer, 0, start + milliseconds(1));
  Tick now = start + milliseconds(1);
  EXPECT_EQ(send_all(transfer, now), (Blocks{1, 2, 3, 4}));
  now += milliseconds(1);
  ack(transfer, 2, now);
  EXPECT_EQ(send_all(transfer, now), (Blocks{3, 4, 5, 6}));
  ack(transfer, 2, now);  // the next out-of-order block made the client say it again
  EXPECT_EQ(send_all(transfer, now), Blocks{});
}

TEST(Transfer, ResendsAWindowWhoseFirstBlockWasLostOncePerRoundTrip) {
  Bytes content = noise(5000);
  Transfer transfer(content.size(), terms_of(100, 4), start);
  send_all(transfer, start);
  Tick now = start + milliseconds(2);
  ack(transfer, 0, now);
  EXPECT_EQ(send_all(transfer, now), (Blocks{1, 2, 3, 4}));
  ack(transfer, 0, now);  // a copy made by the network
  EXPECT_EQ(send_all(transfer, now), Blocks{});
  now += milliseconds(2);
  ack(transfer, 0, now);  // the client saw 2 without 1
  EXPECT_EQ(send_all(transfer, now), (Blocks{1, 2, 3, 4}));
  ack(transfer, 0, now);
  ack(transfer, 0, now);
  EXPECT_EQ(send_all(transfer, now), Blocks{});
}

TEST(Transfer, KeepsWhatASocketDidNotTakeForTheNextTime) {
  Bytes content = noise(5000);
  Transfer transfer(content.size(), terms_of(100, 8, false), start);
  std::array<Packet, 8> packets;
  EXPECT_EQ(transfer.pending(packets), 8u);
  transfer.sent(3, start);
  EXPECT_EQ(transfer.pending(packets), 5u);
  EXPECT_EQ(packets[0].header[3], 4);
  transfer.sent(0, start);
  EXPECT_EQ(transfer.pending(packets), 5u);
}

TEST(Transfer, RecoversALostOackWellUnderASecond) {
  Bytes content = noise(1000);
  Transfer transfer(content.size(), terms_of(512, 1), start);
  EXPECT_EQ(send_all(transfer, start), (Blocks{0}));
  EXPECT_LT(transfer.deadline(), start + milliseconds(500));
  transfer.tick(transfer.deadline());
  EXPECT_EQ(send_all(transfer, start + milliseconds(300)), (Blocks{0}));
}

TEST(Transfer, AnswersARepeatedRequestWithTheFirstPacketAgain) {
  Bytes content = noise(1000);
  Transfer transfer(content.size(), terms_of(512, 1), start);
  send_all(transfer, start);
  transfer.request_repeated(start + milliseconds(1));  // too soon: the network doubled it
  EXPECT_EQ(send_all(transfer, start + milliseconds(1)), Blocks{});
  transfer.request_repeated(start + milliseconds(100));
  EXPECT_EQ(send_all(transfer, start + milliseconds(100)), (Blocks{0}));
  ack(transfer, 0, start + milliseconds(110));
  EXPECT_EQ(send_all(transfer, start + milliseconds(110)), (Blocks{1}));
  transfer.request_repeated(start + milliseconds(300));
  EXPECT_EQ(send_all(transfer, start + milliseconds(300)), Blocks{});
}

TEST(Transfer, BlamesNoClientForWaitingForItsTurn) {
  Bytes content = noise(1000);
  Transfer waited(content.size(), terms_of(512, 1, false), start), idle = waited;
  Duration wait = seconds(60);
  waited.held_up(wait);
  for (Transfer* transfer : {&waited, &idle}) {
    send_all(*transfer, start + wait);
    transfer->tick(transfer->deadline());
  }
  EXPECT_FALSE(waited.outcome());
  EXPECT_EQ(idle.outcome()->ending, Ending::timed_out);
}

TEST(Transfer, GivesUpOnASilentClientAfterABoundedTime) {
  Bytes content = noise(1000);
  Transfer transfer(content.size(), terms_of(512, 1, false), start);
  int packets = 0;
  Tick now = start;
  while (!transfer.outcome()) {
    packets += static_cast<int>(send_all(transfer, now).size());
    ASSERT_LT(packets, 50);
    now = transfer.deadline();
    transfer.tick(now);
  }
  EXPECT_EQ(transfer.outcome()->ending, Ending::timed_out);
  EXPECT_FALSE(transfer.outcome()->normal());
  EXPECT_GE(now - start, seconds(30));
  EXPECT_LE(now - start, seconds(34));
  EXPECT_GE(packets, 8);
}

TEST(Transfer, DoesNothingBeforeItsDeadline) {
  Bytes content = noise(1000);
  Transfer transfer(content.size(), terms_of(512, 1, false), start);
  send_all(transfer, start);
  transfer.tick(transfer.deadline() - milliseconds(1));
  EXPECT_EQ(send_all(transfer, start), Blocks{});
}

TEST(Transfer, TakesTheClientsTimeoutAsTheLongestPause) {
  Bytes content = noise(1000);
  Terms terms = terms_of(512, 1);
  terms.timeout = seconds(1);
  Transfer transfer(content.size(), terms, start);
  Tick now = start;
  for (int i = 0; i < 6; ++i) {
    send_all(transfer, now);
    EXPECT_LE(transfer.deadline() - now, seconds(1));
    now = transfer.deadline();
    transfer.tick(now);
  }
}

/// Packets until it ends, when nothing is heard any more.
std::size_t sent_into_silence(Transfer& transfer, Tick now) {
  std::size_t packets = 0;
  while (!transfer.outcome()) {
    packets += send_all(transfer, now).size();
    now = transfer.deadline();
    transfer.tick(now);
  }
  return packets;
}

TEST(Transfer, FloodsNobodyWhoFellSilentWhateverHeWished) {
  Terms terms = terms_of(1468, 64);
  terms.timeout = std::chrono::milliseconds(10);
  Transfer unheard(1 << 20, terms, start);
  EXPECT_LE(sent_into_silence(unheard, start), 45u) << "one OACK a second, and some in the first";
  Transfer silent(1 << 20, terms, start);
  send_all(silent, start);
  silent.receive(wire::TftpAck{0}, start + std::chrono::milliseconds(1));
  EXPECT_LE(sent_into_silence(silent, start + std::chrono::milliseconds(1)), 250u)
      << "windows of 64, 64, 32, 16 ...";
}

TEST(Transfer, SendsWholeWindowsAgainToWhomItHears) {
  Transfer transfer(1 << 20, terms_of(1468, 16), start);
  Tick now = start;
  auto silence = [&] {
    now = transfer.deadline();
    transfer.tick(now);
    return send_all(transfer, now).size();
  };
  send_all(transfer, now);
  now += std::chrono::milliseconds(1);
  transfer.receive(wire::TftpAck{0}, now);
  EXPECT_EQ(send_all(transfer, now).size(), 16u);
  EXPECT_EQ(silence(), 16u);
  EXPECT_EQ(silence(), 8u);
  EXPECT_EQ(silence(), 4u);
  now += std::chrono::milliseconds(1);
  transfer.receive(wire::TftpAck{4}, now);
  EXPECT_EQ(send_all(transfer, now).size(), 16u);
}

TEST(Transfer, EndsOnTheClientsErrorAndKnowsTheNormalOnes) {
  Bytes content = noise(1000);
  auto ended_by = [&](std::uint16_t code) {
    Transfer transfer(content.size(), terms_of(512, 1), start);
    send_all(transfer, start);
    transfer.receive(wire::TftpError{code, "said so"}, start + seconds(1));
    EXPECT_EQ(send_all(transfer, start + seconds(1)), Blocks{});
    return *transfer.outcome();
  };
  Outcome size_probe = ended_by(8);  // OVMF asks the size first
  EXPECT_EQ(size_probe.ending, Ending::client_error);
  EXPECT_EQ(size_probe.error_code, 8);
  EXPECT_EQ(size_probe.text, "said so");
  EXPECT_EQ(size_probe.bytes, 0u);
  EXPECT_TRUE(size_probe.normal());
  EXPECT_TRUE(ended_by(0).normal());
  EXPECT_FALSE(ended_by(3).normal());
}

TEST(Transfer, TakesAClientThatLeftForTheEnd) {
  Bytes content = noise(1000);
  Transfer transfer(content.size(), terms_of(512, 1, false), start);
  send_all(transfer, start);
  Transfer early = transfer;
  early.client_left("port closed", start);
  EXPECT_EQ(early.outcome()->ending, Ending::client_left);
  EXPECT_EQ(early.outcome()->text, "port closed");
  // Only the ACK of the final block is missing: the client has everything and left.
  ack(transfer, 1, start);
  send_all(transfer, start);
  transfer.client_left("port closed", start);
  EXPECT_EQ(transfer.outcome()->ending, Ending::complete);
  EXPECT_EQ(transfer.outcome()->bytes, 1000u);
}

TEST(Transfer, KeepsItsFirstOutcome) {
  Transfer transfer(0, terms_of(512, 1, false), start);
  transfer.abort("shutting down", start);
  ack(transfer, 1, start);
  transfer.client_left("port closed", start);
  transfer.receive(wire::TftpError{0, ""}, start);
  EXPECT_EQ(transfer.outcome()->ending, Ending::aborted);
  EXPECT_EQ(transfer.outcome()->text, "shutting down");
}

TEST(Transfer, IsSmallEnoughForThousands) {
  EXPECT_LE(sizeof(Transfer), 512u);
}

TEST(Transfer, SurvivesWhateverAClientSays) {
  Bytes content = noise(20'000);
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SeededRandom random(seed);
    Terms terms = terms_of(static_cast<unsigned>(8 + random.below(600)),
                           static_cast<unsigned>(1 + random.below(80)), random.below(2));
    Transfer transfer(content.size(), terms, start);
    Tick now = start;
    for (int i = 0; i < 2000 && !transfer.outcome(); ++i) {
      std::array<Packet, 32> packets;
      std::size_t count = transfer.pending(packets);
      for (std::size_t p = 0; p < count; ++p)
        ASSERT_LE(packets[p].offset + packets[p].length, content.size());
      transfer.sent(random.below(count + 1), now);
      now += Duration(random.below(5000));
      ack(transfer, static_cast<int>(random.below(random.below(2) ? 65536 : 100)), now);
      if (random.below(10) == 0) transfer.request_repeated(now);
      transfer.tick(now);
    }
    for (int i = 0; i < 100 && !transfer.outcome(); ++i) transfer.tick(now = transfer.deadline());
    ASSERT_TRUE(transfer.outcome()) << "seed " << seed;
    EXPECT_LE(transfer.outcome()->bytes, content.size());
  }
}

}  // namespace
}  // namespace slipway::tftp
