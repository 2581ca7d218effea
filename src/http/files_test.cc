// SPDX-License-Identifier: MPL-2.0
#include "http/files.h"

#include <gtest/gtest.h>

namespace slipway::http {
namespace {

struct Field {
  std::string Fields::*name;
  std::string value;
};

Response serve(std::vector<Field> fields, Method method = Method::get) {
  auto file = std::make_shared<OpenFile>();
  file->size = 1000;
  file->etag = "abc";
  Request request;
  request.method = method;
  for (const Field& field : fields) request.fields.*field.name = field.value;
  return serve_file(request, file);
}

std::string header(const Response& response, std::string_view name) {
  for (const Header& field : response.headers) {
    if (field.name == name) return field.value;
  }
  return "";
}

std::pair<std::uint64_t, std::uint64_t> slice(const Response& response) {
  const auto& body = std::get<FileSlice>(response.body);
  return {body.offset, body.length};
}

TEST(Files, GivesTheWholeFileWithItsTag) {
  Response response = serve({});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(slice(response), std::make_pair(0ul, 1000ul));
  EXPECT_EQ(header(response, "ETag"), "\"abc\"");
  EXPECT_EQ(header(response, "Accept-Ranges"), "bytes");
}

TEST(Files, GivesOneRange) {
  Response response = serve({{&Fields::range, "bytes=100-199"}});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(slice(response), std::make_pair(100ul, 100ul));
  EXPECT_EQ(header(response, "Content-Range"), "bytes 100-199/1000");
}

TEST(Files, KnowsEveryFormOfRange) {
  auto one = [](std::uint64_t first, std::uint64_t last) {
    return RangeChoice{RangeKind::some, {{first, last}}};
  };
  auto same = [](RangeChoice a, RangeChoice b) { return a.kind == b.kind && a.ranges == b.ranges; };
  EXPECT_TRUE(same(choose_range("bytes=0-", 1000), one(0, 999)));
  EXPECT_TRUE(same(choose_range("bytes=999-5000", 1000), one(999, 999)));
  EXPECT_TRUE(same(choose_range("bytes=-1", 1000), one(999, 999)));
  EXPECT_TRUE(same(choose_range("bytes=-5000", 1000), one(0, 999)));
  EXPECT_TRUE(same(choose_range("Bytes= 5 - 6 ", 1000), one(5, 6)));
  EXPECT_TRUE(same(choose_range("bytes=0-99999999999999999999999", 1000), one(0, 999)));
}

TEST(Files, IgnoresWhatIsNoByteRange) {
  for (const char* field : {"", "lines=0-1", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b",
                            "bytes=5-4", "bytes=+1-2", "bytes=0x1-2", "bytes=0-1,x", "bytes=0-1,5-4"}) {
    EXPECT_EQ(choose_range(field, 1000).kind, RangeKind::none) << field;
  }
}

TEST(Files, GivesSeveralRangesInTheirOrderAsParts) {
  Response response = serve({{&Fields::range, "bytes=500-509, 0-0,,-1"}});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(header(response, "Content-Range"), "");
  ASSERT_TRUE(response.content_type.starts_with("multipart/byteranges; boundary="));
  std::string boundary = response.content_type.substr(response.content_type.find('=') + 1);
  const auto& parts = std::get<FileParts>(response.body).parts;
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_EQ(parts[0].text, "--" + boundary +
                               "\r\nContent-Type: application/octet-stream\r\n"
                               "Content-Range: bytes 500-509/1000\r\n\r\n");
  EXPECT_EQ(parts[0].offset, 500u);
  EXPECT_EQ(parts[0].length, 10u);
  EXPECT_TRUE(parts[1].text.starts_with("\r\n--" + boundary));
  EXPECT_EQ(parts[2].offset, 999u);
  EXPECT_EQ(parts[3].text, "\r\n--" + boundary + "--\r\n");
  EXPECT_EQ(parts[3].length, 0u);
}

TEST(Files, LeavesOutRangesPastTheEnd) {
  EXPECT_EQ(slice(serve({{&Fields::range, "bytes=2000-,10-19"}})), std::make_pair(10ul, 10ul));
  EXPECT_EQ(serve({{&Fields::range, "bytes=2000-,3000-"}}).status, 416);
}

TEST(Files, GivesTheWholeFileToWhoAsksForMoreThanItInRanges) {
  EXPECT_EQ(serve({{&Fields::range, "bytes=0-,0-"}}).status, 200);
  EXPECT_EQ(serve({{&Fields::range, "bytes=0-499,500-999"}}).status, 206);
  std::string many = "bytes=0-0";
  for (std::size_t i = 1; i < max_ranges; ++i) many += ",0-0";
  EXPECT_EQ(serve({{&Fields::range, many}}).status, 206);
  EXPECT_EQ(serve({{&Fields::range, many + ",0-0"}}).status, 200);
}

TEST(Files, RefusesARangePastTheEndAndTellsTheSize) {
  Response response = serve({{&Fields::range, "bytes=1000-"}});
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(header(response, "Content-Range"), "bytes */1000");
  EXPECT_EQ(choose_range("bytes=-0", 1000).kind, RangeKind::unsatisfiable);
  EXPECT_EQ(choose_range("bytes=0-0", 0).kind, RangeKind::unsatisfiable);
}

TEST(Files, GivesTheRangeOnlyOfTheFileTheClientKnows) {
  EXPECT_EQ(serve({{&Fields::range, "bytes=0-1"}, {&Fields::if_range, "\"abc\""}}).status, 206);
  EXPECT_EQ(serve({{&Fields::range, "bytes=0-1"}, {&Fields::if_range, "\"xyz\""}}).status, 200);
  EXPECT_EQ(serve({{&Fields::range, "bytes=0-1"}, {&Fields::if_range, "W/\"abc\""}}).status, 200);
  EXPECT_EQ(
      serve({{&Fields::range, "bytes=0-1"}, {&Fields::if_range, "Sat, 01 Jan 2000 00:00:00 GMT"}}).status,
      200);
}

TEST(Files, SendsNothingTheClientHasAlready) {
  EXPECT_EQ(serve({{&Fields::if_none_match, "\"abc\""}}).status, 304);
  EXPECT_EQ(serve({{&Fields::if_none_match, "\"x\", W/\"abc\""}}).status, 304);
  EXPECT_EQ(serve({{&Fields::if_none_match, "*"}}).status, 304);
  EXPECT_EQ(serve({{&Fields::if_none_match, "\"x\""}}).status, 200);
  EXPECT_EQ(serve({{&Fields::if_none_match, "\"abc\""}, {&Fields::range, "bytes=0-1"}}).status, 304);
}

TEST(Files, HoldsToIfMatch) {
  EXPECT_EQ(serve({{&Fields::if_match, "\"abc\""}}).status, 200);
  EXPECT_EQ(serve({{&Fields::if_match, "W/\"abc\""}}).status, 412);
  EXPECT_EQ(serve({{&Fields::if_match, "\"x\""}}).status, 412);
}

TEST(Files, IgnoresRangesOfAHead) {
  EXPECT_EQ(serve({{&Fields::range, "bytes=0-1"}}, Method::head).status, 200);
}

}  // namespace
}  // namespace slipway::http
