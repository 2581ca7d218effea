// SPDX-License-Identifier: MPL-2.0
#include "walk/http_reply.h"

#include <gtest/gtest.h>

namespace slipway::walk {
namespace {

/// Fed in pieces of `step` bytes.
HttpReply read(const std::string& text, std::size_t step = 1000, bool head = false) {
  HttpReply reply;
  reply.expect(head, true);
  for (std::size_t at = 0; at < text.size(); at += step) reply.feed(as_bytes(text.substr(at, step)));
  return reply;
}

TEST(HttpReply, IsReadHoweverItIsCut) {
  for (std::size_t step : {1u, 2u, 7u, 1000u}) {
    HttpReply reply = read("HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH: 5\r\n\r\nhello", step);
    EXPECT_TRUE(reply.whole());
    EXPECT_TRUE(reply.keeps_alive());
    EXPECT_EQ(reply.status(), 200u);
    EXPECT_EQ(reply.bytes(), 5u);
    EXPECT_EQ(reply.take_text(), "hello");
  }
}

TEST(HttpReply, OfAHeadHasNoContent) {
  HttpReply reply = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 1000, true);
  EXPECT_TRUE(reply.whole());
  EXPECT_EQ(reply.bytes(), 0u);
}

TEST(HttpReply, ComesInChunks) {
  for (std::size_t step : {1u, 3u, 1000u}) {
    HttpReply reply = read(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nA: b\r\n\r\n",
        step);
    EXPECT_TRUE(reply.whole()) << reply.why();
    EXPECT_EQ(reply.take_text(), "hello");
  }
}

TEST(HttpReply, MayEndWithItsConnection) {
  HttpReply reply = read("HTTP/1.0 200 OK\r\n\r\nhel");
  EXPECT_FALSE(reply.whole());
  EXPECT_FALSE(reply.keeps_alive());
  reply.closed();
  EXPECT_TRUE(reply.whole());
}

TEST(HttpReply, SaysWhatIsWrong) {
  EXPECT_EQ(read("SSH-2.0-x\r\n").why(), "not an HTTP answer: 'SSH-2.0-x'");
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n").why(), "a Content-Length that is no number");
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nX: " + std::string(20000, 'x')).why(),
            "the HTTP server's head has no end");
  HttpReply cut = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
  cut.closed();
  EXPECT_EQ(cut.why(), "the HTTP server hung up after 3 bytes");
  HttpReply none;
  none.expect(false, false);
  none.closed();
  EXPECT_EQ(none.why(), "the HTTP server hung up without an answer");
}

TEST(HttpReply, LetsContentBeThrownAwayUnseen) {
  HttpReply reply;
  reply.expect(false, false);
  std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nab";
  EXPECT_EQ(reply.feed(as_bytes(head)), head.size());
  EXPECT_EQ(reply.skippable(), 998u);
  reply.skipped(998);
  EXPECT_TRUE(reply.whole());
  EXPECT_EQ(reply.bytes(), 1000u);
}

TEST(HttpReply, TakesOnlyWhatIsItsOwn) {
  HttpReply reply;
  reply.expect(false, true);
  EXPECT_EQ(reply.feed(as_bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nnoHTTP/1.1")), 47u);
  EXPECT_EQ(reply.status(), 404u);
}

}  // namespace
}  // namespace slipway::walk
