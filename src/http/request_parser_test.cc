// SPDX-License-Identifier: MPL-2.0
#include "http/request_parser.h"

#include <gtest/gtest.h>

namespace slipway::http {
namespace {

const Limits limits;

/// Feeds the text in pieces of `step` bytes, as a network would.
struct Parsed {
  explicit Parsed(std::string_view text, std::size_t step = ~std::size_t{0}) : parser(limits) {
    std::string waiting;
    while (!text.empty() && !parser.done() && !parser.fault()) {
      waiting += text.substr(0, step);
      text.remove_prefix(std::min(step, text.size()));
      waiting.erase(0, parser.feed(waiting));
    }
    left = waiting + std::string(text);
  }
  int status() const { return parser.fault() ? parser.fault()->status : 0; }

  RequestParser parser;
  std::string left;
};

TEST(RequestParser, ReadsWhatIpxeSends) {
  Parsed parsed(
      "GET /boot.ipxe HTTP/1.1\r\nConnection: keep-alive\r\nUser-Agent: iPXE/1.0.0\r\nHost: "
      "10.0.0.1\r\n\r\n");
  ASSERT_TRUE(parsed.parser.done());
  EXPECT_TRUE(parsed.parser.keep_alive());
  Request request = parsed.parser.take();
  EXPECT_EQ(request.method, Method::get);
  EXPECT_EQ(request.target.path.to_string(), "boot.ipxe");
  EXPECT_EQ(request.fields.user_agent, "iPXE/1.0.0");
  EXPECT_EQ(request.fields.host, "10.0.0.1");
}

TEST(RequestParser, GivesTheSameByteByByte) {
  std::string text =
      "POST /api?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nRange: bytes=0-1\r\n\r\nhello";
  for (std::size_t step : {1u, 2u, 3u, 7u, 50u}) {
    Parsed parsed(text, step);
    ASSERT_TRUE(parsed.parser.done()) << step;
    Request request = parsed.parser.take();
    EXPECT_EQ(request.body, "hello");
    EXPECT_EQ(request.fields.range, "bytes=0-1");
  }
}

TEST(RequestParser, LeavesTheNextRequestAlone) {
  Parsed parsed("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\n");
  ASSERT_TRUE(parsed.parser.done());
  EXPECT_EQ(parsed.left, "GET /b HTTP/1.1\r\n");
}

TEST(RequestParser, ClosesAfterHttp10UnlessAsked) {
  EXPECT_FALSE(Parsed("GET / HTTP/1.0\r\n\r\n").parser.keep_alive());
  EXPECT_TRUE(Parsed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").parser.keep_alive());
  EXPECT_FALSE(Parsed("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").parser.keep_alive());
}

TEST(RequestParser, JoinsAChunkedBodyAndForgetsItsTrailers) {
  Parsed parsed(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nRange: bytes=1-\r\n"
      "Host: other\r\n\r\n",
      1);
  ASSERT_TRUE(parsed.parser.done());
  Request request = parsed.parser.take();
  EXPECT_EQ(request.body, "abcde");
  EXPECT_EQ(request.fields.range, "");
  EXPECT_EQ(request.fields.host, "h");
}

TEST(RequestParser, AsksForTheBodyOnce) {
  Parsed parsed("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_TRUE(parsed.parser.wants_continue());
  EXPECT_FALSE(parsed.parser.wants_continue());
  parsed.parser.feed("abc");
  EXPECT_TRUE(parsed.parser.done());
}

TEST(RequestParser, RefusesAmbiguousFraming) {
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: a b/\r\n\r\n").status(), 400);
  EXPECT_EQ(Parsed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n")
                .status(),
            400);
  EXPECT_EQ(Parsed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n").status(),
            400);
  EXPECT_EQ(Parsed("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n").status(), 501);
  EXPECT_EQ(Parsed("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").status(), 400);
}

TEST(RequestParser, WantsExactlyOneHostInHttp11) {
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\n\r\n").status(), 400);
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status(), 400);
  EXPECT_TRUE(Parsed("GET / HTTP/1.0\r\n\r\n").parser.done());
}

TEST(RequestParser, BoundsHeaderTargetAndBody) {
  std::string big(9000, 'x');
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: h\r\nA: " + big + "\r\n\r\n").status(), 431);
  EXPECT_EQ(Parsed("GET /" + std::string(3000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n").status(), 414);
  EXPECT_EQ(Parsed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999\r\n\r\n").status(), 413);
}

TEST(RequestParser, TakesNoLengthForAnUnknownOne) {
  for (const char* length :
       {"18446744073709551615", "18446744073709551616", "99999999999999999999999", "65537"}) {
    Parsed parsed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::string(length) + "\r\n\r\n");
    ASSERT_TRUE(parsed.parser.fault()) << length;
    EXPECT_TRUE(parsed.status() == 413 || parsed.status() == 400) << length;
  }
  EXPECT_EQ(Parsed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n").status(),
            413);
  EXPECT_TRUE(Parsed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 00000000000000000000003\r\n\r\nabc")
                  .parser.done());
  EXPECT_EQ(Parsed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n").status(), 400);
}

TEST(RequestParser, WantsOneAuthorizationAtMost) {
  Parsed parsed("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n");
  EXPECT_EQ(parsed.status(), 400);
  EXPECT_EQ(parsed.parser.fault()->reason, "two Authorization fields");
}

TEST(RequestParser, ShowsTheHeadOfABodyThatIsStillToCome) {
  Parsed parsed("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na");
  Request* head = parsed.parser.head_of_body();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->target.raw, "/x");
  EXPECT_FALSE(parsed.parser.head_of_body()) << "once";
  EXPECT_FALSE(Parsed("GET / HTTP/1.1\r\nHost: h\r\n\r\n").parser.head_of_body());
}

TEST(RequestParser, BoundsAHeaderThatComesFieldByField) {
  std::string text = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 1000; ++i) text += "X: " + std::string(60, 'y') + "\r\n";
  for (std::size_t step : {10u, 67u, 1000u}) {
    Parsed parsed(text, step);
    EXPECT_EQ(parsed.status(), 431) << step;
    EXPECT_GT(parsed.left.size(), text.size() - 10'000) << step;
  }
}

TEST(RequestParser, BoundsAChunkedBody) {
  std::string text = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 70; ++i) text += "400\r\n" + std::string(1024, 'x') + "\r\n";
  EXPECT_EQ(Parsed(text, 4096).status(), 413);
}

TEST(RequestParser, TellsATlsHandshakeAtOnce) {
  EXPECT_EQ(Parsed(std::string_view("\x16\x03\x01\x02", 4)).status(), 400);
}

TEST(RequestParser, IgnoresEmptyLinesBeforeARequest) {
  EXPECT_TRUE(Parsed("\r\n\r\nGET / HTTP/1.0\r\n\r\n", 1).parser.done());
  EXPECT_EQ(Parsed(std::string(100, '\n')).status(), 400);
}

TEST(RequestParser, RefusesOtherVersionsByName) {
  EXPECT_EQ(Parsed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status(), 505);
  EXPECT_EQ(Parsed("GET / HTTP/1.1\nHost: a\n\n").status(), 400) << "the version is a good one";
}

}  // namespace
}  // namespace slipway::http
