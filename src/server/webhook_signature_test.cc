// SPDX-License-Identifier: MPL-2.0
#include "server/webhook_signature.h"

#include <gtest/gtest.h>

namespace slipway::server {
namespace {

// printf '1704196800.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
TEST(WebhookSignature, IsWhatAReceiverComputes) {
  EXPECT_EQ(webhook_signature("0123456789abcdef", from_unix_seconds(1704196800), "{\"a\":1}"),
            "t=1704196800,v1=196772f191ccb1d929bb6822b0e2ebd1d48329b15c84a6066985f5a404638c48");
}

}  // namespace
}  // namespace slipway::server
