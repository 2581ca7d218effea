// SPDX-License-Identifier: MPL-2.0
#include <gmock/gmock.h>

#include "config/config.h"

namespace slipway::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view minimum = R"(interface = "eth1"
network = "10.99.99.0/24"
range = "10.99.99.210-10.99.99.219"
router = "10.99.99.1"
)";

std::vector<std::string> errors(const std::string& more) {
  std::vector<std::string> sentences;
  auto plan = load_text(std::string(minimum) + more, "f", {});
  if (plan) return sentences;
  for (const Problem& problem : plan.error().problems) sentences.push_back(problem.what);
  return sentences;
}

TEST(ApiSettings, SayWhereItListensAndAsWhom) {
  auto plan = load_text(std::string(minimum) + R"([api]
listen = ["192.0.2.5:443", "192.0.2.6"]
certificate = "/c.crt"
key = "/c.key"
metrics = "open"

[[webhook]]
url = "https://hooks.example/slipway"
secret-file = "/s"
events = ["failed"]
)",
                        "f", {});
  ASSERT_TRUE(plan);
  const model::ApiSettings& api = (*plan)->api();
  EXPECT_THAT(api.listen, ElementsAre(Endpoint{*Ipv4::parse("192.0.2.5"), 443},
                                      Endpoint{*Ipv4::parse("192.0.2.6"), 8443}));
  EXPECT_EQ(api.certificate, "/c.crt");
  EXPECT_TRUE(api.open_metrics);
  ASSERT_EQ((*plan)->webhooks().size(), 1u);
  EXPECT_TRUE((*plan)->webhooks()[0].failed);
  EXPECT_FALSE((*plan)->webhooks()[0].booted);
}

TEST(ApiSettings, AreRefusedWhereTheyServeNobody) {
  EXPECT_THAT(errors("[api]\nlisten = \"192.0.2.5:0\"\n"), ElementsAre(HasSubstr("no address to listen on")));
  EXPECT_THAT(errors("[api]\nlisten = \"192.0.2.5\"\n"),
              ElementsAre("api.listen without api.certificate", "api.listen without api.key"));
  EXPECT_THAT(errors("[api]\nkey = \"/k\"\n"), ElementsAre(HasSubstr("nothing without api.listen")));
  EXPECT_THAT(errors("[api]\nmetrics = \"all\"\n"), ElementsAre(HasSubstr("all")));
}

TEST(ApiSettings, KeepTheApiFromWhereMachinesBoot) {
  const std::string pair = "certificate = \"/c\"\nkey = \"/k\"\n";
  EXPECT_THAT(errors("[api]\nlisten = \"0.0.0.0\"\n" + pair), ElementsAre(HasSubstr("every address")));
  EXPECT_THAT(errors("[api]\nlisten = \"192.0.2.5:80\"\n" + pair),
              ElementsAre("boot files are served on port 80"));
}

TEST(Webhook, SendsNothingInTheClearOverTheNetwork) {
  auto hook = [](const std::string& url) {
    return errors("[[webhook]]\nurl = \"" + url + "\"\nsecret-file = \"/s\"\n");
  };
  EXPECT_THAT(hook("http://hooks.example/x"), ElementsAre(HasSubstr("no https:// URL")));
  EXPECT_THAT(hook("file:///etc/passwd"), ElementsAre(HasSubstr("no https:// URL")));
  EXPECT_THAT(hook("http://127.0.0.1.hooks.example/"), ElementsAre(HasSubstr("no https:// URL")));
  EXPECT_THAT(hook("http://127.0.0.1:9000/x"), ElementsAre());
  EXPECT_THAT(hook("https://hooks.example/x"), ElementsAre());
}

}  // namespace
}  // namespace slipway::config
