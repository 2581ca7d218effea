// SPDX-License-Identifier: MPL-2.0
#include "server/console_page.h"

#include <gtest/gtest.h>

#include "boot/test_plan.h"

namespace slipway::server {
namespace {

std::string page_with(std::initializer_list<Endpoint> listen, std::string url = "") {
  model::Draft draft = boot::testing::draft();
  draft.api.listen = listen;
  if (listen.size() > 0) draft.api.certificate = draft.api.key = "/etc/slipway/api.pem";
  draft.server.console_url = std::move(url);
  boot::ScriptContext context;
  context.base.address = *Ipv4::parse("10.99.99.1");
  context.mac = *MacAddress::parse("52:54:00:00:00:01");
  context.machine = "node1";
  return console_page(*boot::testing::plan_of(draft), context);
}

Endpoint at(std::string_view address, std::uint16_t port = 8443) {
  return {*Ipv4::parse(address), port};
}

TEST(ConsolePage, IsAsTheFileSays) {
  EXPECT_EQ(page_with({at("192.0.2.5")}, "https://boot.example.com/#/machine/{name}"),
            "https://boot.example.com/#/machine/node1");
  EXPECT_EQ(page_with({}, "https://b.example/{name}?again={name}"), "https://b.example/node1?again=node1");
}

TEST(ConsolePage, IsWhereTheMachineReachedUsIfTheApiListensThere) {
  EXPECT_EQ(page_with({at("192.0.2.5"), at("10.99.99.1")}),
            "https://10.99.99.1:8443/#/machine/52:54:00:00:00:01");
  EXPECT_EQ(page_with({at("192.0.2.5"), at("10.99.99.1", 443)}),
            "https://10.99.99.1/#/machine/52:54:00:00:00:01");
}

TEST(ConsolePage, IsWhereTheApiListensOtherwise) {
  EXPECT_EQ(page_with({at("127.0.0.1"), at("192.0.2.5")}),
            "https://192.0.2.5:8443/#/machine/52:54:00:00:00:01");
}

TEST(ConsolePage, IsNowhereWithoutOne) {
  EXPECT_EQ(page_with({}), "");
  EXPECT_EQ(page_with({at("127.0.0.1")}), "");
}

}  // namespace
}  // namespace slipway::server
