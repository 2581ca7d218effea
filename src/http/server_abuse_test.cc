// SPDX-License-Identifier: MPL-2.0
// Clients that are slow, broken, gone or hostile: each is bounded and leaves nothing behind.
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "http/test_big_file.h"

namespace slipway::http::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Response hello(const Request&) {
  return text(200, "hello");
}

TEST(ServerAbuse, EndsASlowLorisAtTheHeaderDeadline) {
  Limits limits;
  limits.header_deadline = milliseconds(300);
  Loopback loopback(hello, limits);
  loopback.run();
  Client client(loopback.port);
  client.send("GET / HTTP/1.1\r\n");
  auto begun = std::chrono::steady_clock::now();
  std::string answer;
  for (int i = 0; i < 100 && answer.empty(); ++i) {
    client.send("X: y\r\n");
    answer = client.receive(4096, 50);
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(3));
  client.close();
  EXPECT_TRUE(loopback.wait_until_idle());
}

/// Takes every descriptor this process may still have.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = open_descriptors() + 32;
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (UniqueFd fd(::dup(0)); fd; fd.reset(::dup(0))) hogs_.push_back(std::move(fd));
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  void give_back_one() { hogs_.pop_back(); }

 private:
  rlimit before_{};
  std::vector<UniqueFd> hogs_;
};

TEST(ServerAbuse, AcceptsAgainAfterOthersHeldEveryDescriptor) {
  Loopback loopback(hello);
  loopback.run();
  auto none_left = std::make_unique<NoDescriptors>();
  none_left->give_back_one();
  Client client(loopback.port);  // the kernel connects; nothing is left to accept with
  client.get("/");
  EXPECT_EQ(client.receive(4096, 400), "");
  EXPECT_EQ(loopback.open(), 0u);
  none_left.reset();
  EXPECT_THAT(client.receive(4096, 5000), StartsWith("HTTP/1.1 200 "));
}

/// A server with room for four connections, three of one address; who asks for /me is trusted.
struct SmallServer {
  explicit SmallServer(std::size_t of_one = 3) {
    ServerOptions options;
    options.limits.connections = 4;
    options.limits.connections_per_address = of_one;
    options.strangers_make_room = true;
    options.on_fault = [this](std::string_view line) { lines.emplace_back(line); };
    options.at_head = [](const Request& request) {
      return request.target.raw == "/no" ? std::optional(text(401, "who are you?")) : std::nullopt;
    };
    server.emplace(
        reactor, metrics,
        [](const Request& request) {
          Response response = text(200, "hello");
          response.trusted = request.target.raw == "/me";
          return response;
        },
        std::move(options));
    port = server->listen({{0x7f000001}, 0}).port;
    thread = std::thread([this] { reactor.run(); });
  }
  ~SmallServer() {
    reactor.stop();
    thread.join();
    server.reset();
  }
  std::uint64_t made_room() {
    return metrics.counter("slipway_http_refused_total", "server=\"boot\",reason=\"made_room\"").value();
  }

  net::Reactor reactor;
  Metrics metrics;
  std::optional<Server> server;
  std::vector<std::string> lines;  ///< of the log; the reactor's
  std::uint16_t port = 0;
  std::thread thread;
};

std::string said(Client& client, const std::string& path) {
  client.get(path);
  return client.receive_until("hello");
}

TEST(ServerAbuse, LetsIdleStrangersMakeRoomAndNobodyElse) {
  SmallServer small;
  Client operator_(small.port);
  EXPECT_THAT(said(operator_, "/me"), StartsWith("HTTP/1.1 200"));
  std::vector<std::unique_ptr<Client>> strangers;
  for (int i = 0; i < 6; ++i) {
    strangers.push_back(std::make_unique<Client>(small.port));
    EXPECT_THAT(said(*strangers.back(), "/"), StartsWith("HTTP/1.1 200")) << i;
  }
  EXPECT_EQ(small.made_room(), 4u) << "three of one address at once";
  EXPECT_THAT(said(operator_, "/me"), StartsWith("HTTP/1.1 200")) << "it was not shut out";
  EXPECT_EQ(strangers.front()->receive(), "");
  EXPECT_FALSE(strangers.front()->timed_out()) << "the oldest of them was closed";
}

TEST(ServerAbuse, SaysThatItIsFullOnce) {
  SmallServer small(1);
  {
    Client first(small.port);
    EXPECT_THAT(said(first, "/me"), StartsWith("HTTP/1.1 200"));
    Client second(small.port);
    EXPECT_THAT(said(second, "/"), StartsWith("HTTP/1.1 200")) << "what is trusted and idle comes next";
    Client third(small.port);
    EXPECT_THAT(said(third, "/"), StartsWith("HTTP/1.1 200"));
  }
  std::promise<std::size_t> lines;
  small.reactor.post([&] { lines.set_value(small.lines.size()); });
  EXPECT_EQ(lines.get_future().get(), 1u);
}

TEST(ServerAbuse, TellsWhoMayNotAskBeforeTheBodyComes) {
  SmallServer small;
  Client client(small.port);
  client.send("POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n");
  EXPECT_THAT(client.receive_all(),
              ::testing::AllOf(StartsWith("HTTP/1.1 401 "), HasSubstr("Connection: close")));
  EXPECT_FALSE(client.timed_out());
}

TEST(ServerAbuse, ClosesAConnectionThatNeverSpeaks) {
  Limits limits;
  limits.header_deadline = milliseconds(200);
  Loopback loopback(hello, limits);
  loopback.run();
  Client client(loopback.port);
  EXPECT_EQ(client.receive(), "");
  EXPECT_FALSE(client.timed_out());
}

TEST(ServerAbuse, ClosesAnIdleConnection) {
  Limits limits;
  limits.idle_deadline = milliseconds(200);
  Loopback loopback(hello, limits);
  loopback.run();
  Client client(loopback.port);
  client.get("/");
  EXPECT_THAT(client.receive_until("hello"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(client.receive(), "");
  EXPECT_FALSE(client.timed_out());
}

TEST(ServerAbuse, CutsAClientThatTakesNothing) {
  Limits limits;
  limits.progress_deadline = milliseconds(300);
  BigFile big;
  Loopback loopback(big.handler(), limits);
  loopback.run();
  Client client(loopback.port, 4096);
  client.get("/f");
  ToldEvent ended = loopback.wait_ended();
  EXPECT_EQ(ended.outcome, Outcome::timed_out);
  EXPECT_LT(ended.bytes_sent, ended.body_bytes);
  EXPECT_TRUE(loopback.wait_until_idle());
}

TEST(ServerAbuse, LeavesNoDescriptorAfterAThousandAborts) {
  BigFile big;
  Loopback loopback(big.handler());
  loopback.run();
  shell("true");
  std::size_t before = open_descriptors();
  for (int i = 0; i < 1000; ++i) {
    Client client(loopback.port);
    ASSERT_TRUE(client.connected()) << i;
    if (i % 4 == 1) client.send("GET /f HT");
    if (i % 4 >= 2) client.get("/f");
    if (i % 4 == 3) client.receive(100);
    i % 2 ? client.reset() : client.close();
  }
  EXPECT_TRUE(loopback.wait_until_idle());
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(big.file.use_count(), 1);
  for (std::size_t i = 0; i < 500; ++i) EXPECT_NE(loopback.wait_ended(i).status, -1) << i;
}

TEST(ServerAbuse, BoundsTheConnectionsOfOneAddress) {
  Limits limits;
  limits.connections_per_address = 3;
  Loopback loopback(hello, limits);
  loopback.run();
  Client a(loopback.port), b(loopback.port), c(loopback.port);
  ASSERT_TRUE(loopback.wait_until([&] { return loopback.open() == 3; }));
  Client fourth(loopback.port);
  std::string answer = fourth.receive_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, HasSubstr("from this address"));
  a.close();
  ASSERT_TRUE(loopback.wait_until([&] { return loopback.open() == 2; }));
  Client fifth(loopback.port);
  fifth.get("/");
  EXPECT_THAT(fifth.receive_until("hello"), StartsWith("HTTP/1.1 200"));
}

TEST(ServerAbuse, BoundsTheConnectionsInAll) {
  Limits limits;
  limits.connections = 2;
  Loopback loopback(hello, limits);
  loopback.run();
  Client a(loopback.port), b(loopback.port);
  ASSERT_TRUE(loopback.wait_until([&] { return loopback.open() == 2; }));
  EXPECT_THAT(Client(loopback.port).receive_all(), StartsWith("HTTP/1.1 503 "));
}

TEST(ServerAbuse, AnswersNonsenseAndCloses) {
  Loopback loopback(hello);
  loopback.run();
  Client client(loopback.port);
  client.send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  EXPECT_THAT(client.receive_all(), StartsWith("HTTP/1.1 400 "));
  EXPECT_FALSE(client.timed_out());
}

TEST(ServerAbuse, TellsATooLongHeaderAndDoesNotReadOn) {
  Loopback loopback(hello);
  loopback.run();
  Client client(loopback.port);
  client.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(100'000, 'x'));
  EXPECT_THAT(client.receive_all(), StartsWith("HTTP/1.1 431 "));
  client.close();
  EXPECT_TRUE(loopback.wait_until_idle());
}

TEST(ServerAbuse, SurvivesAPipelinerThatNeverReads) {
  Limits limits;
  limits.progress_deadline = milliseconds(300);
  BigFile big;
  Loopback loopback(big.handler(), limits);
  loopback.run();
  Client client(loopback.port, 4096);
  for (int i = 0; i < 100; ++i) client.get("/f");
  EXPECT_EQ(loopback.wait_ended().outcome, Outcome::timed_out);
  EXPECT_EQ(loopback.events().size(), 2u);  // the second request was never begun
}

TEST(ServerAbuse, ServesSmallRequestsWhileBigOnesRun) {
  BigFile big;
  Loopback loopback([&](const Request& request) {
    return request.target.raw == "/f" ? serve_file(request, big.file) : hello(request);
  });
  loopback.run();
  std::atomic<bool> stop = false;
  std::vector<std::thread> downloads;
  for (int i = 0; i < 4; ++i) {
    downloads.emplace_back([&] {
      Client client(loopback.port);
      while (!stop) {
        client.get("/f");
        for (std::size_t left = 32 << 20; left > 0 && !stop;)
          left -= std::min(left, client.receive(1 << 20).size());
      }
    });
  }
  Client client(loopback.port);
  auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    client.get("/");
    ASSERT_THAT(client.receive_until("hello"), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  stop = true;
  for (auto& download : downloads) download.join();
}

}  // namespace
}  // namespace slipway::http::testing
