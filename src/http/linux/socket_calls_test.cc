// SPDX-License-Identifier: MPL-2.0
#include "http/socket_calls.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/unique_fd.h"

namespace slipway::http {
namespace {

TEST(SocketCallsOnLinux, TellWhoIsAtTheOtherEndAndWhatHeHasNotRead) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  UniqueFd ours(ends[0]), theirs(ends[1]);
  EXPECT_EQ(peer_of(ours.get()).uid, ::geteuid());
  EXPECT_EQ(peer_of(ours.get()).pid, ::getpid());
  EXPECT_EQ(unacknowledged(ours.get()), 0);
  ASSERT_EQ(::send(ours.get(), "x", 1, 0), 1);
  EXPECT_GT(unacknowledged(ours.get()), 0);
}

}  // namespace
}  // namespace slipway::http
