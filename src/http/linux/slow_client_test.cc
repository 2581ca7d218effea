// SPDX-License-Identifier: MPL-2.0
// What the kernel tells of bytes that wait for a client: elsewhere it is not told (docs/adr/0021).
#include <gtest/gtest.h>

#include "http/test_big_file.h"

namespace slipway::http::testing {
namespace {

TEST(SlowClientOnLinux, IsBorneWithWhileItIsSteady) {
  Limits limits;
  limits.progress_deadline = milliseconds(300);
  BigFile big;
  Loopback loopback(big.handler(), limits);
  loopback.run();
  Client client(loopback.port, 16384);
  client.get("/f");
  // 1.5 s at some 1 MB/s: five deadlines long, while megabytes wait in the kernel's buffers.
  for (int i = 0; i < 75; ++i) {
    ASSERT_FALSE(client.receive(20'000).empty()) << i;
    std::this_thread::sleep_for(milliseconds(20));
  }
  for (const ToldEvent& event : loopback.events()) EXPECT_EQ(event.kind, RequestEvent::Kind::started);
}

}  // namespace
}  // namespace slipway::http::testing
