// SPDX-License-Identifier: MPL-2.0
#include "http/router.h"

#include <gtest/gtest.h>

#include "http/target.h"

namespace slipway::http {
namespace {

Request request(Method method, std::string_view target) {
  Request made;
  made.method = method;
  made.target = parse_target(target).value();
  return made;
}

std::string body(const Response& response) {
  const auto* text = std::get_if<std::string>(&response.body);
  return text ? *text : "";
}

Router example() {
  Router router;
  router.add(Method::get, "/healthz", [](const Request&, const Captures&) { return text(200, "well"); });
  router.add(Method::get, "/machines/{machine}/explain", [](const Request&, const Captures& captures) {
    return text(200, std::string(captures["machine"]));
  });
  router.add(Method::post, "/machines/{machine}", [](const Request&, const Captures& captures) {
    return text(201, std::string(captures["machine"]));
  });
  router.add(Method::get, "/os/{stamp}/{path...}", [](const Request&, const Captures& captures) {
    return text(200, std::string(captures["stamp"]) + "|" + std::string(captures["path"]));
  });
  return router;
}

TEST(Router, FindsLiteralsAndCaptures) {
  Router router = example();
  EXPECT_EQ(body(router.handle(request(Method::get, "/healthz"))), "well");
  EXPECT_EQ(body(router.handle(request(Method::get, "/machines/node1/explain"))), "node1");
  EXPECT_EQ(body(router.handle(request(Method::get, "/os/2024/platform/i86pc/unix"))),
            "2024|platform/i86pc/unix");
}

TEST(Router, WantsSomethingForTheRest) {
  EXPECT_EQ(example().handle(request(Method::get, "/os/2024")).status, 404);
}

TEST(Router, AnswersHeadByGetRows) {
  EXPECT_EQ(example().handle(request(Method::head, "/healthz")).status, 200);
}

TEST(Router, NamesTheMethodsAKnownPathHas) {
  Response response = example().handle(request(Method::delete_, "/machines/node1"));
  EXPECT_EQ(response.status, 405);
  ASSERT_EQ(response.headers.size(), 1u);
  EXPECT_EQ(response.headers[0].name, "Allow");
  EXPECT_EQ(response.headers[0].value, "POST");
  EXPECT_EQ(example().handle(request(Method::put, "/healthz")).headers[0].value, "GET, HEAD");
}

TEST(Router, SaysNotFoundInOneLine) {
  Response response = example().handle(request(Method::get, "/pxelinux.cfg/C0A80001"));
  EXPECT_EQ(response.status, 404);
  EXPECT_LT(body(response).size(), 80u);
}

TEST(Router, LeavesTheRestToWhoeverIsNamed) {
  Router router = example();
  router.otherwise([](const Request&) { return text(200, "fallback"); });
  EXPECT_EQ(body(router.handle(request(Method::get, "/x"))), "fallback");
}

TEST(RouterDeathTest, AbortsOnAPatternThatIsNone) {
  Router router;
  auto nothing = [](const Request&, const Captures&) { return text(200, ""); };
  EXPECT_DEATH(router.add(Method::get, "healthz", nothing), "well formed");
  EXPECT_DEATH(router.add(Method::get, "/{path...}/x", nothing), "well formed");
  EXPECT_DEATH(router.add(Method::get, "/a{b}", nothing), "well formed");
}

}  // namespace
}  // namespace slipway::http
