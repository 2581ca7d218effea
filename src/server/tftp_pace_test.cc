// SPDX-License-Identifier: MPL-2.0
// TFTP within the bandwidth of a subnet: held, shared, and never a client's fault.
#include "server/tftp_pace.h"

#include <thread>

#include <gtest/gtest.h>

#include "server/tftp_test_peers.h"

namespace slipway::server {
namespace {

constexpr std::uint64_t mbit = 1'000'000;

Tick now() {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now());
}

std::shared_ptr<Bandwidth> used_up(std::uint64_t bits_per_second) {
  auto bandwidth = std::make_shared<Bandwidth>(bits_per_second);
  bandwidth->charge(static_cast<std::int64_t>(bandwidth->burst()), now());
  return bandwidth;
}

const wire::TftpOptions fast{{"blksize", "1468"}, {"windowsize", "16"}};

TEST(TftpPace, GivesAllClientsTogetherWhatTheLimitAllows) {
  Server server({}, used_up(80 * mbit));
  server.files["archive"] = noise(2'000'000);
  Tick begun = now();
  std::vector<std::thread> clients;
  for (const auto& options : {fast, fast, wire::TftpOptions{{"blksize", "1468"}}}) {
    clients.emplace_back([&server, options] {
      EXPECT_TRUE(Client().fetch(server.at(), "archive", options) == server.files["archive"]);
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_GE(now() - begun, milliseconds(575)) << "6 MB at 10 MB a second, but for a burst of 20 ms";
}

TEST(TftpPace, SharesItsLimitWithWhateverElseIsSentThere) {
  auto bandwidth = used_up(80 * mbit);
  Server server({}, bandwidth);
  server.files["f"] = noise(1000);
  bandwidth->charge(2'000'000, now());  // HTTP has sent that much
  Tick begun = now();
  EXPECT_TRUE(Client().fetch(server.at(), "f") == server.files["f"]);
  EXPECT_GE(now() - begun, milliseconds(175));
}

TEST(TftpPace, LetsASmallFileOvertakeBigOnes) {
  Server server({}, used_up(40 * mbit));
  server.files["archive"] = noise(4'000'000);
  server.files["loader"] = noise(200'000);
  std::vector<std::thread> clients;
  for (int i = 0; i < 2; ++i) clients.emplace_back([&] { Client().fetch(server.at(), "archive", fast); });
  while (server.events().size() < 2) std::this_thread::sleep_for(milliseconds(1));
  EXPECT_TRUE(Client().fetch(server.at(), "loader", {{"blksize", "1468"}}) == server.files["loader"]);
  EXPECT_EQ(server.wait_for_ends(1)[0].size, 200'000u) << "the others began before it";
  for (std::thread& client : clients) client.join();
}

TEST(TftpPace, BlamesNoClientForTheLimit) {
  TftpSettings settings;
  settings.patience = {milliseconds(20), milliseconds(50), milliseconds(200)};
  auto bandwidth = used_up(8 * mbit);
  bandwidth->charge(600'000, now());  // takes 600 ms to earn
  Server server(settings, bandwidth);
  server.files["f"] = noise(3000);
  EXPECT_TRUE(Client().fetch(server.at(), "f") == server.files["f"]);
  EXPECT_EQ(server.wait_for_ends(1)[0].outcome.ending, tftp::Ending::complete);
  EXPECT_EQ(server.wait_for_ends(1)[0].outcome.resent, 0u);
}

TEST(TftpPace, ForgetsAClientThatGoesWhileItWaits) {
  auto bandwidth = used_up(8 * mbit);
  bandwidth->charge(300'000, now());
  Server server({}, bandwidth);
  server.files["f"] = noise(3000);
  for (int i = 0; i < 5; ++i) {
    Client client;
    client.ask(server.at(), "f", {{"tsize", "0"}});
    auto oack = client.hear();
    ASSERT_TRUE(oack) << "it waits for no bandwidth";
    client.say(oack->from, serialize(wire::TftpAck{0}));
    client.say(oack->from, serialize(wire::TftpError{0, "enough"}));
  }
  EXPECT_EQ(server.wait_for_ends(5).size(), 5u);
  EXPECT_TRUE(Client().fetch(server.at(), "f") == server.files["f"]);
}

}  // namespace
}  // namespace slipway::server
