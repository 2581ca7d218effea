// SPDX-License-Identifier: MPL-2.0
#include "net/udp_socket.h"

#include <gtest/gtest.h>

namespace slipway::net {
namespace {

TEST(UdpSocketOnLinux, SharesAPortOnlyWhenAsked) {
  UdpOptions options;
  options.local = {{0x7f000001}, 0};
  options.reuse_port = true;
  UdpSocket first = UdpSocket::bind(options);
  options.local = first.local();
  EXPECT_NO_THROW(UdpSocket::bind(options));
  options.reuse_port = false;
  EXPECT_THROW(UdpSocket::bind(options), StartupError);
}

}  // namespace
}  // namespace slipway::net
