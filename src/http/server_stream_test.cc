// SPDX-License-Identifier: MPL-2.0
// Streams: a follower gets what is written, when it is written, and can neither block nor bloat us.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/test_loopback.h"

namespace slipway::http::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// Every request follows; the writers are touched on the reactor's thread only.
struct Broadcast {
  explicit Broadcast(Limits limits = {}, StreamWriter::Options options = {})
      : loopback(
            [this, options](const Request&) {
              auto writer = std::make_shared<StreamWriter>(options);
              writer->on_closed([this] { ++closed; });
              writers.push_back(writer);
              ++opened;
              Response response;
              response.content_type = "text/event-stream";
              response.body = Stream{writer};
              return response;
            },
            limits) {
    loopback.run();
  }
  void write(const std::string& text) {
    loopback.on_reactor([this, text] {
      for (auto& writer : writers) writer->write(text);
    });
  }
  void finish() {
    loopback.on_reactor([this] {
      for (auto& writer : writers) writer->finish();
    });
  }
  bool wait_opened(int count) {
    return loopback.wait_until([&] { return opened == count; });
  }
  bool wait_closed(int count) {
    return loopback.wait_until([&] { return closed == count; });
  }

  std::vector<std::shared_ptr<StreamWriter>> writers;
  std::atomic<int> opened = 0, closed = 0;
  Loopback loopback;
};

TEST(ServerStream, BringsEventsAsTheyAreWritten) {
  Broadcast broadcast;
  Client client(broadcast.loopback.port);
  client.get("/events");
  EXPECT_THAT(client.receive_until("\r\n\r\n"), HasSubstr("Transfer-Encoding: chunked\r\n"));
  ASSERT_TRUE(broadcast.wait_opened(1));
  broadcast.write("data: 1\n\n");
  EXPECT_EQ(client.receive_until("data: 1\n\n\r\n"), "9\r\ndata: 1\n\n\r\n");
  broadcast.write("data: 2\n\n");
  broadcast.finish();
  EXPECT_THAT(client.receive_all(), EndsWith("data: 2\n\n\r\n0\r\n\r\n"));
  client.close();
  EXPECT_TRUE(broadcast.wait_closed(1));
}

TEST(ServerStream, GivesHttp10ThePlainBytes) {
  Broadcast broadcast;
  Client client(broadcast.loopback.port);
  client.send("GET /events HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(broadcast.wait_opened(1));
  broadcast.write("data: 1\n\n");
  broadcast.finish();
  std::string answer = client.receive_all();
  EXPECT_THAT(answer, EndsWith("\r\n\r\ndata: 1\n\n"));
  EXPECT_THAT(answer, Not(HasSubstr("chunked")));
}

TEST(ServerStream, IsFollowedByCurl) {
  Broadcast broadcast;
  std::thread writer([&] {
    ASSERT_TRUE(broadcast.wait_opened(1));
    for (int i = 0; i < 100; ++i) broadcast.write("data: " + std::to_string(i) + "\n\n");
    broadcast.finish();
  });
  std::string output = shell("curl -s -N " + broadcast.loopback.url("/events"));
  writer.join();
  EXPECT_THAT(output, EndsWith("data: 98\n\ndata: 99\n\n"));
}

TEST(ServerStream, NoticesThatAFollowerWent) {
  Broadcast broadcast;
  Client client(broadcast.loopback.port);
  client.get("/events");
  client.receive_until("\r\n\r\n");
  client.close();
  EXPECT_TRUE(broadcast.wait_closed(1));
  EXPECT_TRUE(broadcast.loopback.wait_until_idle());
  EXPECT_EQ(broadcast.loopback.wait_ended().outcome, Outcome::client_gone);
}

TEST(ServerStream, CutsAFollowerThatDoesNotRead) {
  Limits limits;
  limits.progress_deadline = milliseconds(300);
  Broadcast broadcast(limits, {64 * 1024, ": too slow\n\n"});
  Client client(broadcast.loopback.port, 4096);
  client.get("/events");
  client.receive_until("\r\n\r\n");
  std::string line = "data: " + std::string(1000, 'x') + "\n\n";
  for (int i = 0; i < 20'000 && broadcast.closed == 0; ++i) {
    broadcast.write(line);
    if (i % 100 == 0) std::this_thread::sleep_for(milliseconds(2));
  }
  EXPECT_TRUE(broadcast.wait_closed(1));
  EXPECT_TRUE(broadcast.loopback.wait_until_idle());
}

TEST(ServerStream, HoldsManyFollowersOfWhomSomeGo) {
  Broadcast broadcast;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 30; ++i) {
    clients.push_back(std::make_unique<Client>(broadcast.loopback.port));
    clients.back()->get("/events");
  }
  ASSERT_TRUE(broadcast.wait_opened(30));
  for (int i = 0; i < 30; i += 2) clients[i]->reset();
  for (int i = 0; i < 50; ++i) broadcast.write("data: x\n\n");
  broadcast.finish();
  for (int i = 1; i < 30; i += 2) EXPECT_THAT(clients[i]->receive_all(), EndsWith("0\r\n\r\n"));
  EXPECT_TRUE(broadcast.wait_closed(30));
}

TEST(ServerStream, EndsWhenTheServerStops) {
  Broadcast broadcast;
  Client client(broadcast.loopback.port);
  client.get("/events");
  ASSERT_TRUE(broadcast.wait_opened(1));
  std::atomic<bool> stopped = false;
  broadcast.loopback.on_reactor(
      [&] { broadcast.loopback.server().stop(milliseconds(5'000), [&] { stopped = true; }); });
  EXPECT_THAT(client.receive_all(), EndsWith("0\r\n\r\n"));
  client.close();
  EXPECT_TRUE(broadcast.loopback.wait_until([&] { return stopped.load(); }));
}

}  // namespace
}  // namespace slipway::http::testing
