// SPDX-License-Identifier: MPL-2.0
// Whole transfers to an honest client over links that are not.
#include <cstdlib>

#include <gtest/gtest.h>

#include "tftp/transfer_simulation.h"

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

TEST(TransferOverALink, DoublesItsPatienceOnAPathSlowerThanItsFirstGuess) {
  // 1.2 s there and back: the first guess of 300 ms must not make every block leave twice for ever.
  Bytes content = noise(100 * 512);
  Simulation simulation(content, terms_of(512, 1), {0, 0, 0, milliseconds(600), 1});
  Report run = simulation.run();
  EXPECT_EQ(run.outcome->ending, Ending::complete);
  EXPECT_LE(run.outcome->resent, 6u);
}

TEST(TransferOverALink, SendsEachBlockOnceInLockStepOverALinkThatDoublesEverything) {
  Bytes content = noise(300 * 512);
  Report run = Simulation(content, terms_of(512, 1), {0, 1.0, 0, milliseconds(1), 1}).run();
  EXPECT_EQ(run.outcome->ending, Ending::complete);
  EXPECT_EQ(run.data_packets, 301u);
  EXPECT_TRUE(run.intact);
}

TEST(TransferOverALink, SendsEachBlockOnceWhenTheNetworkDoublesEveryAck) {
  for (unsigned window : {1u, 4u, 16u, 64u}) {
    Bytes content = noise(300 * 512);
    Simulation simulation(content, terms_of(512, window), {});
    simulation.double_acks = true;
    Report run = simulation.run();
    EXPECT_EQ(run.outcome->ending, Ending::complete);
    EXPECT_EQ(run.data_packets, 301u) << "window " << window;
  }
}

TEST(TransferOverALink, PaysForADoubledBlockWithOneWindowAtMost) {
  // A client that acknowledges what it has already makes a doubled block look like a lost one.
  for (unsigned window : {4u, 16u, 64u}) {
    Bytes content = noise(2000 * 100);
    Simulation simulation(content, terms_of(100, window), {});
    simulation.double_block = 302;
    Report run = simulation.run();
    EXPECT_EQ(run.outcome->ending, Ending::complete);
    EXPECT_GT(run.outcome->resent, 0u);
    EXPECT_LE(run.outcome->resent, window);
  }
}

TEST(TransferOverALink, PaysForAClientThatPausedWithOneWindowAtMost) {
  for (unsigned window : {1u, 4u, 16u, 64u}) {
    Bytes content = noise(2000 * 100);
    Simulation simulation(content, terms_of(100, window), {});
    simulation.pause_at_block = 1024;
    Report run = simulation.run();
    EXPECT_EQ(run.outcome->ending, Ending::complete);
    EXPECT_GT(run.outcome->resent, 0u);
    EXPECT_LE(run.outcome->resent, window) << "window " << window;
  }
}

TEST(TransferOverALink, ResendsOnlyAWindowWhenOneBlockIsLost) {
  for (unsigned window : {4u, 16u, 64u}) {
    Bytes content = noise(1000 * 100);
    Simulation simulation(content, terms_of(100, window), {0, 0, 0, milliseconds(1), 1});
    bool lost = false;
    simulation.filter = [&](bool to_client, const Packet& packet) {
      bool lose = to_client && !lost && packet.header_size && packet.header[2] == 1 && packet.header[3] == 2;
      lost = lost || lose;
      return !lose;
    };
    Report run = simulation.run();
    EXPECT_TRUE(lost);
    EXPECT_TRUE(run.intact);
    EXPECT_LE(run.outcome->resent, window);
    EXPECT_LT(run.end - start, milliseconds(2 * (1000 / window + 10)));
  }
}

TEST(TransferOverALink, WrapsTheBlockNumberAtEveryBoundary) {
  Bytes content = noise((65537ul + 1) * 64);
  for (unsigned window : {1u, 64u}) {
    for (std::size_t blocks : {65534u, 65535u, 65536u, 65537u}) {
      for (std::size_t extra : {0u, 1u, 63u}) {
        ByteView part(content.data(), blocks * 64 + extra);
        Report run = Simulation(part, terms_of(64, window, extra != 1), {}).run();
        EXPECT_EQ(run.outcome->ending, Ending::complete);
        EXPECT_EQ(run.bytes, part.size());
        EXPECT_EQ(run.data_packets, blocks + 1);
        EXPECT_TRUE(run.intact);
      }
    }
  }
}

TEST(TransferOverALink, RecoversALossExactlyAtTheWrap) {
  Bytes content = noise(65600ul * 8);
  for (int victim : {65534, 65535, 0, 1}) {
    for (unsigned window : {1u, 16u}) {
      Simulation simulation(content, terms_of(8, window), {});
      int passed = 0;
      bool lost = false;
      simulation.filter = [&](bool to_client, const Packet& packet) {
        if (!to_client || !packet.header_size) return true;
        int block = packet.header[2] << 8 | packet.header[3];
        bool late = ++passed > 60000;
        if (lost || !late || block != victim) return true;
        lost = true;
        return false;
      };
      Report run = simulation.run();
      EXPECT_EQ(run.outcome->ending, Ending::complete);
      EXPECT_TRUE(run.intact);
      EXPECT_EQ(run.bytes, content.size());
      EXPECT_GE(run.outcome->resent, 1u);
    }
  }
}

struct Cruelty {
  const char* name;
  double loss, duplication, reordering;
};

class CruelLink : public testing::TestWithParam<Cruelty> {};

TEST_P(CruelLink, DeliversByteForByteAtEveryBlockAndWindowSize) {
  Bytes content = noise(1'000'003);
  std::uint64_t seed = 1;
  for (unsigned block_size : {512u, 1024u, 1428u, 1432u, 1468u}) {
    for (unsigned window : {1u, 4u, 16u, 64u}) {
      for (int round = 0; round < 3; ++round) {
        const Cruelty& cruelty = GetParam();
        Link link{cruelty.loss, cruelty.duplication, cruelty.reordering, milliseconds(1), ++seed};
        Simulation simulation(content, terms_of(block_size, window, round != 2 || window > 1), link);
        Bytes arrived;
        simulation.sink = [&](ByteView body) { arrived.insert(arrived.end(), body.begin(), body.end()); };
        Report run = simulation.run();
        SCOPED_TRACE(testing::Message() << block_size << "/" << window << " seed " << seed);
        ASSERT_TRUE(run.outcome);
        // The last ACK may be lost and the client gone deaf, but never before it has everything.
        EXPECT_EQ(run.outcome->ending, Ending::complete);
        EXPECT_TRUE(run.client_done);
        EXPECT_TRUE(arrived == content);
        std::uint64_t blocks = content.size() / block_size + 1;
        EXPECT_GE(run.data_packets, blocks);
        if (cruelty.loss == 0 && cruelty.reordering == 0 && window == 1) {
          EXPECT_EQ(run.data_packets, blocks);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CruelLink,
                         testing::Values(Cruelty{"Clean", 0, 0, 0}, Cruelty{"OnePercent", 0.01, 0, 0},
                                         Cruelty{"FivePercent", 0.05, 0, 0}, Cruelty{"Doubling", 0, 0.05, 0},
                                         Cruelty{"Reordering", 0, 0, 0.05},
                                         Cruelty{"Everything", 0.05, 0.05, 0.05}),
                         [](const auto& set) { return set.param.name; });

TEST(TransferOverALink, CarriesABootArchiveOf358MegabytesThroughTenWraps) {
  constexpr std::size_t archive = 358'400'000;
  // Never touched pages: what arrives is compared by place and length, block by block.
  std::unique_ptr<std::uint8_t, decltype(&std::free)> pages(
      static_cast<std::uint8_t*>(std::calloc(archive, 1)), &std::free);
  ByteView content(pages.get(), archive);
  struct Case {
    unsigned block_size, window;
    double loss;
  };
  for (Case c : {Case{512, 1, 0}, Case{512, 16, 0.001}, Case{1432, 1, 0}, Case{1468, 64, 0.001}}) {
    Report run =
        Simulation(content, terms_of(c.block_size, c.window), {c.loss, 0, 0, milliseconds(1), 3}).run();
    EXPECT_EQ(run.outcome->ending, Ending::complete);
    EXPECT_EQ(run.bytes, archive);
    EXPECT_TRUE(run.intact);
    EXPECT_EQ(run.outcome->bytes, archive);
  }
}

}  // namespace
}  // namespace slipway::tftp
