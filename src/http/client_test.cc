// SPDX-License-Identifier: MPL-2.0
#include "http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/test_loopback.h"

namespace slipway::http::testing {
namespace {

using ::testing::HasSubstr;

struct Daemon {
  explicit Daemon(Handler handler) : loopback(std::move(handler)) {
    loopback.server().listen_unix(path);
    loopback.run();
  }
  TemporaryFolder folder;
  std::string path = folder / "api.sock";
  Loopback loopback;
};

TEST(DaemonClient, AsksAndIsAnswered) {
  Daemon daemon([](const Request& request) {
    return text(request.method == Method::delete_ ? 202 : 404, request.target.raw + " " + request.body);
  });
  DaemonClient client(daemon.path);
  auto reply = client.request(Method::delete_, "/leases/10.0.0.1", "why");
  ASSERT_TRUE(reply) << reply.error().sentence();
  EXPECT_EQ(reply->status, 202);
  EXPECT_EQ(reply->body, "/leases/10.0.0.1 why");
  EXPECT_EQ(client.request(Method::get, "/x")->status, 404);
}

TEST(DaemonClient, FollowsAStreamPieceByPiece) {
  std::shared_ptr<StreamWriter> writer;
  std::atomic<bool> opened = false;
  Daemon daemon([&](const Request&) {
    Response response;
    response.body = Stream{writer = std::make_shared<StreamWriter>()};
    opened = true;
    return response;
  });
  std::string seen;
  std::thread speaker([&] {
    ASSERT_TRUE(daemon.loopback.wait_until([&] { return opened.load(); }));
    for (int i = 0; i < 3; ++i) {
      daemon.loopback.on_reactor([&] { writer->write("data: x\n\n"); });
      std::this_thread::sleep_for(milliseconds(10));
    }
    daemon.loopback.on_reactor([&] { writer->finish(); });
  });
  auto reply = DaemonClient(daemon.path).follow("/events", [&](std::string_view piece) {
    seen += piece;
    return true;
  });
  speaker.join();
  ASSERT_TRUE(reply) << reply.error().sentence();
  EXPECT_EQ(seen, "data: x\n\ndata: x\n\ndata: x\n\n");
}

TEST(DaemonClient, TakesTheServersDeathForTheStreamsEnd) {
  std::atomic<bool> opened = false;
  std::shared_ptr<StreamWriter> writer;
  Daemon daemon([&](const Request&) {
    Response response;
    response.body = Stream{writer = std::make_shared<StreamWriter>()};
    opened = true;
    return response;
  });
  std::atomic<bool> heard = false;
  std::thread executioner([&] {
    ASSERT_TRUE(daemon.loopback.wait_until([&] { return opened.load(); }));
    daemon.loopback.on_reactor([&] { writer->write("data: x\n\n"); });
    ASSERT_TRUE(daemon.loopback.wait_until([&] { return heard.load(); }));
    daemon.loopback.on_reactor([&] { daemon.loopback.server().stop(milliseconds(0), [] {}); });
  });
  auto reply = DaemonClient(daemon.path).follow("/events", [&](std::string_view) { return heard = true; });
  executioner.join();
  ASSERT_TRUE(reply) << reply.error().sentence();
  EXPECT_EQ(reply->status, 200);
}

TEST(DaemonClient, GivesARefusedStreamAsAReply) {
  Daemon daemon([](const Request&) { return text(404, "no such machine"); });
  int pieces = 0;
  auto reply = DaemonClient(daemon.path).follow("/events", [&](std::string_view) { return ++pieces > 0; });
  ASSERT_TRUE(reply) << reply.error().sentence();
  EXPECT_EQ(reply->status, 404);
  EXPECT_EQ(reply->body, "no such machine");
  EXPECT_EQ(pieces, 0);
}

TEST(DaemonClient, SaysHowToStartADaemonThatIsNotThere) {
  TemporaryFolder folder;
  auto reply = DaemonClient(folder / "none.sock").request(Method::get, "/");
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().sentence(), HasSubstr("none.sock"));
  EXPECT_THAT(reply.error().remedy, HasSubstr("systemctl start"));
}

}  // namespace
}  // namespace slipway::http::testing
