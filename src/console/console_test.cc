// SPDX-License-Identifier: MPL-2.0
#include "console/console.h"

#include <regex>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/assets.h"

namespace slipway::console {
namespace {

http::Request get(std::string_view path) {
  http::Request request;
  request.target.path = *SafePath::parse(path);
  return request;
}

std::string header(const http::Response& response, std::string_view name) {
  for (const http::Header& each : response.headers) {
    if (each.name == name) return each.value;
  }
  return "";
}

std::string body(const http::Response& response) {
  return std::get<std::string>(response.body);
}

TEST(Console, IsAPageThatIsAskedForAnewAndFilesThatAreKept) {
  auto page = answer(get("/"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(header(*page, "Cache-Control"), "no-cache");
  auto script = answer(get(fmt::format("/console/{}/js/main.js", release())));
  ASSERT_TRUE(script);
  EXPECT_EQ(script->status, 200);
  EXPECT_EQ(script->content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(header(*script, "Cache-Control"), "public, max-age=31536000, immutable");
}

TEST(Console, IsNotSentAgainToWhoHasIt) {
  auto request = get("/");
  request.fields.if_none_match = header(*answer(request), "ETag");
  auto again = answer(request);
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(body(*again), "");
}

TEST(Console, NamesOnlyFilesThatAreThere) {
  const std::regex named(fmt::format("(?:href|src)=\"/(console/{}/[^\"]+)\"", release()));
  std::string page = body(*answer(get("/")));
  int count = 0;
  for (std::sregex_iterator each(page.begin(), page.end(), named), end; each != end; ++each, ++count)
    EXPECT_EQ(answer(get((*each)[1].str()))->status, 200) << (*each)[1];
  EXPECT_GE(count, 3);
}

TEST(Console, LeavesTheRestToTheApi) {
  for (const char* path : {"/api/v1/status", "/healthz", "/metrics"}) EXPECT_FALSE(answer(get(path)));
}

TEST(Console, HasNoOtherNames) {
  for (const char* path : {"/console", "/console/old/js/main.js", "/console/js/main.js"})
    EXPECT_EQ(answer(get(path))->status, 404);
  auto post = get("/");
  post.method = http::Method::post;
  EXPECT_EQ(answer(post)->status, 405);
}

TEST(Console, AllowsNothingInlineAndNothingFromElsewhere) {
  for (const char* path : {"/", "/console/old/js/main.js"}) {
    auto response = answer(get(path));
    std::string policy = header(*response, "Content-Security-Policy");
    EXPECT_THAT(policy, ::testing::StartsWith("default-src 'none'; script-src 'self'; style-src 'self'"));
    EXPECT_THAT(policy, ::testing::Not(::testing::HasSubstr("unsafe")));
    EXPECT_EQ(header(*response, "X-Content-Type-Options"), "nosniff");
  }
  for (const Asset& asset : assets()) {
    std::string text(asset.text);
    EXPECT_FALSE(std::regex_search(text, std::regex("<script>|<style|\\son[a-z]+=|style=\""))) << asset.name;
    EXPECT_FALSE(std::regex_search(text, std::regex("https?://(?!www\\.w3\\.org/2000/svg)"))) << asset.name;
    EXPECT_EQ(text.find("innerHTML"), std::string::npos) << asset.name;
  }
}

}  // namespace
}  // namespace slipway::console
