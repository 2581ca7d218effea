// SPDX-License-Identifier: MPL-2.0
#include "server/webhook_queue.h"

#include <gtest/gtest.h>

namespace slipway::server {
namespace {

store::WebhookMessage said(std::string body, bool named) {
  return {0, {}, std::move(body), named};
}

TEST(WebhookQueue, SaysWhatTheConfigurationNamesFirst) {
  WebhookQueue queue(10);
  for (const char* body : {"s1", "s2"}) EXPECT_FALSE(queue.push(said(body, false)));
  for (const char* body : {"n1", "n2"}) EXPECT_FALSE(queue.push(said(body, true)));
  EXPECT_EQ(queue.first().body, "n1");
  std::string order;
  while (!queue.empty()) order += queue.pop().body;
  EXPECT_EQ(order, "n1n2s1s2");
}

TEST(WebhookQueue, LosesTheOldestOfStrangersAndNoNamedOneForThem) {
  WebhookQueue queue(3);
  EXPECT_FALSE(queue.push(said("n1", true)));
  EXPECT_FALSE(queue.push(said("s1", false)));
  EXPECT_FALSE(queue.push(said("s2", false)));
  EXPECT_EQ(queue.push(said("s3", false))->body, "s1");
  EXPECT_EQ(queue.push(said("n2", true))->body, "s2");
  EXPECT_EQ(queue.push(said("n3", true))->body, "s3");
  EXPECT_EQ(queue.push(said("s4", false))->body, "s4") << "itself";
  EXPECT_EQ(queue.push(said("n4", true))->body, "n1");
  EXPECT_EQ(queue.size(), 3u);
}

}  // namespace
}  // namespace slipway::server
