// SPDX-License-Identifier: MPL-2.0
// The server as its clients see it: curl and raw sockets over the loopback.
#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/result.h"
#include "http/test_loopback.h"

namespace slipway::http::testing {
namespace {

using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Response hello(const Request& request) {
  return text(200, "hello " + request.target.path.to_string());
}

TEST(Server, AnswersCurl) {
  Loopback loopback(hello);
  loopback.run();
  EXPECT_EQ(shell("curl -s " + loopback.url("/a")), "hello a");
  EXPECT_EQ(shell("curl -s -0 " + loopback.url("/b")), "hello b");
}

TEST(Server, KeepsOneConnectionForTwoUrls) {
  Loopback loopback(hello);
  loopback.run();
  std::string output =
      shell("curl -s -w '[%{num_connects}]' " + loopback.url("/a") + " " + loopback.url("/b"));
  EXPECT_EQ(output, "hello a[1]hello b[0]");
}

TEST(Server, TellsCurlTheSizeByHeadAndGivesRanges) {
  TemporaryFolder folder;
  write_file(folder / "f", "0123456789");
  auto file = open_file(folder / "f");
  Loopback loopback([&](const Request& request) { return serve_file(request, file); });
  loopback.run();
  std::string head = shell("curl -s -I " + loopback.url("/f"));
  EXPECT_THAT(head, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  EXPECT_EQ(shell("curl -s -r 2-4 " + loopback.url("/f")), "234");
  EXPECT_EQ(shell("curl -s -r -3 " + loopback.url("/f")), "789");
  EXPECT_EQ(shell("curl -s -r 8- " + loopback.url("/f")), "89");
  EXPECT_EQ(shell("curl -s -o /dev/null -w '%{http_code}' -r 10- " + loopback.url("/f")), "416");
  EXPECT_EQ(shell("curl -s -o /dev/null -w '%{http_code}' -H 'If-None-Match: \"abc\"' " + loopback.url("/f")),
            "304");
}

TEST(Server, SendsABigFileByteForByte) {
  TemporaryFolder folder;
  std::string block(1'000'003, '\0');  // no divisor of any buffer: a shifted byte shows
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>(i * 31 + i / 257);
  write_file(folder / "archive", block, 300);
  auto file = open_file(folder / "archive");
  Loopback loopback([&](const Request& request) { return serve_file(request, file); });
  loopback.run();

  Client client(loopback.port);
  client.get("/archive", "Connection: close\r\n");
  EXPECT_THAT(client.receive_until("\r\n\r\n"), HasSubstr("Content-Length: 300000900\r\n"));
  std::uint64_t at = 0;
  bool same = true;
  for (std::string bytes = client.receive_some(); !bytes.empty() && same; bytes = client.receive_some()) {
    for (std::size_t i = 0; i < bytes.size() && same;) {
      std::size_t from = at % block.size();
      std::size_t run = std::min(bytes.size() - i, block.size() - from);
      same = std::memcmp(bytes.data() + i, block.data() + from, run) == 0;
      i += run;
      at += run;
    }
  }
  EXPECT_TRUE(same);
  EXPECT_EQ(at, 300'000'900u);
  ToldEvent ended = loopback.wait_ended();
  EXPECT_EQ(ended.bytes_sent, 300'000'900u);
  EXPECT_EQ(ended.outcome, Outcome::complete);
}

TEST(Server, AnswersAHundredPipelinedRequestsInOrder) {
  Loopback loopback(hello);
  loopback.run();
  Client client(loopback.port);
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n" +
           (i == 99 ? "Connection: close\r\n\r\n" : "\r\n");
  client.send(all);
  std::string answers = client.receive_all();
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    at = answers.find("\r\n\r\nhello " + std::to_string(i), at);
    ASSERT_NE(at, std::string::npos) << i;
  }
}

TEST(Server, MixesFilesAndTextOnOnePipeline) {
  TemporaryFolder folder;
  write_file(folder / "f", std::string(1000, 'x'), 3000);
  auto file = open_file(folder / "f");
  Loopback loopback([&](const Request& request) {
    return request.target.raw == "/f" ? serve_file(request, file) : hello(request);
  });
  loopback.run();
  Client client(loopback.port);
  client.send("GET /f HTTP/1.1\r\nHost: h\r\n\r\nGET /end HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  std::string answers = client.receive_all();
  EXPECT_GT(answers.size(), 3'000'000u);
  EXPECT_THAT(answers, EndsWith("hello end"));
}

TEST(Server, AnswersAClientThatClosedItsHalf) {
  Loopback loopback(hello);
  loopback.run();
  Client client(loopback.port);
  client.send("GET /x HTTP/1.0\r\n\r\n");
  client.half_close();
  EXPECT_THAT(client.receive_all(), EndsWith("hello x"));
  EXPECT_TRUE(loopback.wait_until_idle());
}

TEST(Server, LetsAClientSendItsBodyAfterContinue) {
  Loopback loopback([](const Request& request) { return text(200, "got " + request.body); });
  loopback.run();
  Client client(loopback.port);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.receive_until("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  client.send("body");
  EXPECT_THAT(client.receive_until("got body"), HasSubstr("200 OK"));
}

TEST(Server, SendsNoBodyForHead) {
  Loopback loopback(hello);
  loopback.run();
  Client client(loopback.port);
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  std::string answer = client.receive_all();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(Server, TellsOfASmallAnswerOnceWhenItIsSent) {
  Loopback loopback(hello);
  loopback.run();
  shell("curl -s " + loopback.url("/a"));
  ToldEvent ended = loopback.wait_ended();
  EXPECT_EQ(loopback.events().size(), 1u);
  EXPECT_TRUE(ended.at_once);
  EXPECT_EQ(ended.target, "/a");
  EXPECT_EQ(ended.status, 200);
  EXPECT_EQ(ended.bytes_sent, 7u);
  EXPECT_EQ(ended.outcome, Outcome::complete);
}

TEST(Server, TellsWhoAskedAndWhichAddress) {
  Peer peer;
  Endpoint local;
  Loopback loopback([&](const Request& request) {
    peer = request.peer;
    local = request.local;
    return text(200, "");
  });
  loopback.run();
  shell("curl -s " + loopback.url("/"));
  EXPECT_EQ(std::get<Endpoint>(peer).address.to_string(), "127.0.0.1");
  EXPECT_EQ(local, (Endpoint{{0x7f000001}, loopback.port}));
}

TEST(Server, SurvivesAHandlerThatThrows) {
  Loopback loopback([](const Request&) -> Response { throw std::runtime_error("oops"); });
  loopback.run();
  EXPECT_EQ(shell("curl -s -o /dev/null -w '%{http_code}' " + loopback.url("/")), "500");
  EXPECT_EQ(shell("curl -s -o /dev/null -w '%{http_code}' " + loopback.url("/")), "500");
}

TEST(Server, ResetsWhenAFileShrinksUnderIt) {
  TemporaryFolder folder;
  write_file(folder / "f", std::string(1000, 'x'));
  auto file = open_file(folder / "f");
  file->size = 5000;
  Loopback loopback([&](const Request& request) { return serve_file(request, file); });
  loopback.run();
  Client client(loopback.port);
  client.get("/f");
  EXPECT_LT(client.receive_all().size(), 5000u);
  EXPECT_EQ(loopback.wait_ended().outcome, Outcome::failed);
}

TEST(Server, ServesAUnixSocketToItsGroupAndKnowsThePeer) {
  TemporaryFolder folder;
  std::string path = folder / "api.sock";
  uid_t uid = ~uid_t{0};
  Loopback loopback([&](const Request& request) {
    uid = std::get<UnixPeer>(request.peer).uid;
    return text(200, "well");
  });
  loopback.server().listen_unix(path);
  loopback.run();
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0660u);
  EXPECT_EQ(shell("curl -s --unix-socket " + path + " http://localhost/"), "well");
  EXPECT_THAT(uid, AnyOf(::getuid(), ~uid_t{0})) << "nobody's number where the system does not tell";
}

TEST(Server, ReplacesADeadSocketFileButNotALiveOne) {
  TemporaryFolder folder;
  std::string path = folder / "api.sock";
  {
    UniqueFd dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  Loopback first(hello);
  EXPECT_NO_THROW(first.server().listen_unix(path));
  Loopback second(hello);
  EXPECT_THROW(second.server().listen_unix(path), StartupError);
}

TEST(Server, SaysWhyItCannotListen) {
  Loopback first(hello);
  Loopback second(hello);
  try {
    second.server().listen({{0x7f000001}, first.port});
    FAIL() << "listened twice on one port";
  } catch (const StartupError& error) {
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(first.port)));
    EXPECT_THAT(error.what(), HasSubstr("another program"));
  }
}

TEST(Server, LetsATransferFinishWhenItStops) {
  TemporaryFolder folder;
  write_file(folder / "f", std::string(1000, 'x'), 8000);
  auto file = open_file(folder / "f");
  Loopback loopback([&](const Request& request) { return serve_file(request, file); });
  loopback.run();
  Client idle(loopback.port), client(loopback.port, 4096);
  client.get("/f");
  client.receive_until("\r\n\r\n");
  ASSERT_TRUE(loopback.wait_until([&] { return loopback.open() == 2; }));
  std::atomic<bool> stopped = false;
  loopback.on_reactor([&] { loopback.server().stop(milliseconds(60'000), [&] { stopped = true; }); });
  EXPECT_EQ(idle.receive(), "");  // the idle one is closed at once
  EXPECT_FALSE(stopped);
  EXPECT_FALSE(Client(loopback.port).connected());
  std::size_t received = 0;
  while (received < 8'000'000) {
    std::string bytes = client.receive_some();
    ASSERT_FALSE(bytes.empty()) << received;
    received += bytes.size();
  }
  EXPECT_EQ(loopback.wait_ended().outcome, Outcome::complete);
  client.close();
  EXPECT_TRUE(loopback.wait_until([&] { return stopped.load(); }));
}

TEST(Server, CutsWhatIsLeftAfterTheGrace) {
  TemporaryFolder folder;
  write_file(folder / "f", std::string(1000, 'x'), 20000);
  auto file = open_file(folder / "f");
  Loopback loopback([&](const Request& request) { return serve_file(request, file); });
  loopback.run();
  Client client(loopback.port, 4096);
  client.get("/f");
  client.receive_until("\r\n\r\n");
  std::atomic<bool> stopped = false;
  loopback.on_reactor([&] { loopback.server().stop(milliseconds(50), [&] { stopped = true; }); });
  EXPECT_TRUE(loopback.wait_until([&] { return stopped.load(); }));
  EXPECT_EQ(loopback.wait_ended().outcome, Outcome::stopped);
}

}  // namespace
}  // namespace slipway::http::testing
