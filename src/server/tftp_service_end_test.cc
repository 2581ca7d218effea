// SPDX-License-Identifier: MPL-2.0
// What bounds the transfers of a service, how they end, and that nothing is left of them.
#include <atomic>
#include <filesystem>
#include <iterator>

#include <gtest/gtest.h>

#include "server/tftp_service.h"
#include "server/tftp_test_peers.h"

namespace slipway::server {
namespace {

TEST(TftpService, BoundsTransfersInAllAndPerClient) {
  TftpSettings settings;
  settings.max_transfers = 3;
  settings.max_transfers_per_client = 2;
  Server server(settings);
  server.files["f"] = noise(20000);
  std::vector<Client> clients(3);
  for (Client& client : clients) client.ask(server.at(), "f");
  EXPECT_EQ(clients[2].hear_a<wire::TftpError>().text, "this address has 2 transfers under way already");
  EXPECT_EQ(server.counted("slipway_tftp_refused_total", "reason=\"too_many_of_client\""), 1u);

  TftpSettings one;
  one.max_transfers = 1;
  Server small(one);
  small.files["f"] = noise(20000);
  Client first, second;
  first.ask(small.at(), "f");
  second.ask(small.at(), "f");
  small.wait_for_count("slipway_tftp_dropped_total", "reason=\"too_many_transfers\"", 1);
  EXPECT_FALSE(second.hear(milliseconds(1))) << "an ERROR would end what asking again mends";
  auto held = first.hear();
  ASSERT_TRUE(held);
  first.say(held->from, serialize(wire::TftpError{0, "enough"}));
  small.wait_for_ends(1);
  second.ask(small.at(), "f");
  second.hear_a<wire::TftpData>();
}

TEST(TftpService, TellsItsClientsThatItShutsDown) {
  Server server;
  server.files["f"] = noise(20000);
  Client client;
  client.ask(server.at(), "f");
  client.hear();
  server.stop();
  EXPECT_EQ(client.hear_a<wire::TftpError>().text, "the server is shutting down");
  EXPECT_EQ(server.wait_for_ends(1)[0].outcome.ending, tftp::Ending::aborted);
}

TEST(TftpService, LetsTransfersEndWhenItStopsAndTakesNoNewOnes) {
  Server server;
  server.files["f"] = noise(1000);
  Client begun, late;
  begun.ask(server.at(), "f");
  auto first = begun.hear();
  ASSERT_TRUE(first);
  std::atomic<bool> stopped = false;
  server.stop_gently(seconds(30), [&] { stopped = true; });
  late.ask(server.at(), "f");
  server.wait_for_count("slipway_tftp_dropped_total", "reason=\"stopping\"", 1);
  EXPECT_FALSE(stopped);
  begun.say(first->from, serialize(wire::TftpAck{1}));
  auto second = begun.hear();
  ASSERT_TRUE(second);
  EXPECT_EQ(std::get<wire::TftpData>(second->packet).payload.size(), 488u);
  begun.say(first->from, serialize(wire::TftpAck{2}));
  EXPECT_EQ(server.wait_for_ends(1)[0].outcome.ending, tftp::Ending::complete);
  server.stop();
  EXPECT_TRUE(stopped);
  EXPECT_FALSE(late.hear(milliseconds(1))) << "silence: another may answer it";
}

TEST(TftpService, EndsWhatStillRunsWhenTheTimeToStopIsOver) {
  Server server;
  server.files["f"] = noise(1000);
  Client client;
  client.ask(server.at(), "f");
  client.hear();
  std::atomic<bool> stopped = false;
  server.stop_gently(milliseconds(20), [&] { stopped = true; });
  EXPECT_EQ(client.hear_a<wire::TftpError>().text, "the server is shutting down");
  EXPECT_EQ(server.wait_for_ends(1)[0].outcome.ending, tftp::Ending::aborted);
  server.stop();
  EXPECT_TRUE(stopped);
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                                std::filesystem::directory_iterator()));
}

TEST(TftpService, LeavesNothingBehindAfterAThousandTransfersThatEndInEveryWay) {
  TftpSettings settings;
  settings.max_transfers_per_client = 2000;
  settings.patience = {milliseconds(20), milliseconds(50), milliseconds(200)};
  Server server(settings);
  server.files["f"] = noise(3000);
  EXPECT_TRUE(Client().fetch(server.at(), "f") == server.files["f"]);
  server.wait_for_ends(1);  // what is opened once, or for a moment at the start, was
  std::size_t before = open_descriptors();
  for (int round = 0; round < 250; ++round) {
    Client whole, error, silent, closed;
    EXPECT_TRUE(whole.fetch(server.at(), "f", {{"windowsize", "4"}}) == server.files["f"]);
    error.ask(server.at(), "f", {{"tsize", "0"}});
    error.say(error.hear()->from, serialize(wire::TftpError{8, "enough"}));
    silent.ask(server.at(), "f");
    closed.ask(server.at(), "f");
    silent.hear();
  }
  // Once this one is answered, every request before it was read.
  EXPECT_TRUE(Client().fetch(server.at(), "f") == server.files["f"]);
  // The kernel may give a port twice: then the request is the same one, repeated.
  std::size_t transfers = 1002 - server.counted("slipway_tftp_repeated_requests_total", "");
  EXPECT_GE(transfers, 950u);
  EXPECT_EQ(server.wait_for_ends(transfers).size(), transfers);
  EXPECT_EQ(server.metrics.gauge("slipway_tftp_running").value(), 0u);
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace slipway::server
