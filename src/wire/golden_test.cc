// SPDX-License-Identifier: MPL-2.0
// Packets of real firmware and clients, captured: tests/golden/*.pcap and their text; in odd-packets.pcapng
// what no client at hand sends. To write the text
// anew after a change that is meant: UPDATE_GOLDEN=1 wire_test
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/random.h"
#include "wire/dump.h"
#include "wire/pxe_options.h"

namespace slipway::wire {
namespace {

const std::filesystem::path folder = std::filesystem::path(SLIPWAY_SOURCE_DIR) / "tests/golden";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> captures() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension().string().starts_with(".pcap")) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Every DHCP payload of every capture.
std::vector<Bytes> real_packets() {
  std::vector<Bytes> packets;
  for (const auto& path : captures()) {
    if (path.extension() != ".pcap") continue;  // nobody real sent the others
    std::string file = read_file(path);
    auto capture = read_pcap(as_bytes(file));
    for (const Datagram& datagram : capture->datagrams) {
      for (std::uint16_t port : {dhcp_server_port, dhcp_client_port, proxy_dhcp_port}) {
        if (datagram.to.port != port || datagram.cut) continue;
        packets.emplace_back(datagram.payload.begin(), datagram.payload.end());
      }
    }
  }
  return packets;
}

/// Flips, cuts, lengthens or splices: what lines, bugs and strangers do to packets.
Bytes mutated(Bytes packet, const std::vector<Bytes>& others, Random& random) {
  for (std::uint64_t round = random.below(4) + 1; round > 0; --round) {
    std::size_t at = packet.empty() ? 0 : random.below(packet.size());
    switch (random.below(5)) {
      case 0:
        if (!packet.empty()) packet[at] ^= static_cast<std::uint8_t>(1u << random.below(8));
        break;
      case 1:
        if (!packet.empty()) packet[at] = static_cast<std::uint8_t>(random.next());
        break;
      case 2:
        packet.resize(at);
        break;
      case 3:
        packet.resize(packet.size() + random.below(300), static_cast<std::uint8_t>(random.next()));
        break;
      default: {
        const Bytes& other = others[random.below(others.size())];
        std::size_t from = random.below(other.size());
        packet.resize(at);
        packet.insert(packet.end(), other.begin() + static_cast<std::ptrdiff_t>(from), other.end());
      }
    }
  }
  return packet;
}

}  // namespace

TEST(Golden, CapturesReadAsTheyAlwaysDid) {
  bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  ASSERT_GE(captures().size(), 40u);
  for (const auto& path : captures()) {
    std::string file = read_file(path);
    CaptureStream capture;
    CaptureSieve sieve;
    capture.feed(as_bytes(file));
    std::string text = dump_capture(capture, sieve);
    ASSERT_FALSE(capture.error()) << path;
    if (capture.is_inside_frame()) text += "the capture ends within a frame\n";
    EXPECT_FALSE(text.empty()) << path;
    auto golden = std::filesystem::path(path).replace_extension(".txt");
    if (update) std::ofstream(golden, std::ios::binary) << text;
    EXPECT_EQ(text, read_file(golden)) << path;
  }
}

TEST(Golden, EveryRealPacketComesBackAsItWentOut) {
  auto packets = real_packets();
  ASSERT_GE(packets.size(), 190u);
  for (const Bytes& packet : packets) {
    auto message = parse_dhcp(packet);
    ASSERT_TRUE(message) << to_string(message.error());
    Serialized out = serialize(*message, 1472);
    EXPECT_TRUE(out.left_out.empty());
    auto back = parse_dhcp(out.bytes);
    ASSERT_TRUE(back) << dump_dhcp(*message);
    EXPECT_TRUE(*back == *message) << dump_dhcp(*message);
  }
}

TEST(Golden, TenThousandMutationsAreMessagesOrNamedErrors) {
  const auto packets = real_packets();
  SeededRandom random(20240601);
  std::size_t messages = 0, errors = 0;
  for (int i = 0; i < 10'000; ++i) {
    Bytes packet = mutated(packets[random.below(packets.size())], packets, random);
    auto message = parse_dhcp(packet);
    if (!message) {
      EXPECT_NE(to_string(message.error()), "unknown");
      ++errors;
      continue;
    }
    ++messages;
    EXPECT_FALSE(dump_dhcp(*message).empty());
    Serialized out = serialize(*message, max_dhcp_size);
    auto back = parse_dhcp(out.bytes);
    ASSERT_TRUE(back);
    EXPECT_TRUE(*back == *message || !out.left_out.empty());
  }
  EXPECT_GT(messages, 1000u);
  EXPECT_GT(errors, 1000u);
}

TEST(Golden, DumpsArePrintableWhateverThePacketHolds) {
  const auto packets = real_packets();
  SeededRandom random(7);
  for (int i = 0; i < 2'000; ++i) {
    auto message = parse_dhcp(mutated(packets[random.below(packets.size())], packets, random));
    if (!message) continue;
    std::string text = dump_dhcp(*message) + dump_dhcp_line(*message);
    EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) {
      return c == '\n' || (c >= ' ' && c <= '~');
    })) << text;
  }
}

}  // namespace slipway::wire
