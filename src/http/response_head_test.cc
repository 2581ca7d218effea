// SPDX-License-Identifier: MPL-2.0
#include "http/response_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::http {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ResponseHead, StatesLengthTypeAndConnection) {
  std::string head = response_head(text(200, "hello"), Framing::length, true, "D");
  EXPECT_EQ(head,
            "HTTP/1.1 200 OK\r\nDate: D\r\nServer: slipway\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 5\r\nConnection: keep-alive\r\n\r\n");
}

TEST(ResponseHead, LetsNoValueBreakOutOfItsField) {
  Response response = text(302, "");
  response.headers.push_back({"Location", "/x\r\nSet-Cookie: evil"});
  EXPECT_THAT(response_head(response, Framing::length, false, "D"),
              HasSubstr("Location: /x  Set-Cookie: evil\r\n"));
}

TEST(ResponseHead, HasNoLengthWhereThereIsNoBody) {
  EXPECT_THAT(response_head(text(304, ""), Framing::length, true, "D"), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(response_head(text(200, ""), Framing::chunked, true, "D"), Not(HasSubstr("Content-Length")));
}

TEST(ResponseHead, WritesDatesAsTheRfcDoes) {
  EXPECT_EQ(http_date(from_unix_seconds(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace slipway::http
