// SPDX-License-Identifier: MPL-2.0
#include "walk/url.h"

#include <gtest/gtest.h>

namespace slipway::walk {
namespace {

TEST(Url, IsReadWithItsPort) {
  auto url = parse_url("http://10.0.0.1:8080/a/b?c=d");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->server, (Endpoint{{0x0a000001}, 8080}));
  EXPECT_EQ(url->path, "/a/b?c=d");
  EXPECT_EQ(url->to_string(), "http://10.0.0.1:8080/a/b?c=d");
}

TEST(Url, OfTftpLosesOneSlash) {
  EXPECT_EQ(parse_url("tftp://10.0.0.1/undionly.kpxe")->path, "undionly.kpxe");
  EXPECT_EQ(parse_url("tftp://10.0.0.1//undionly.kpxe")->path, "/undionly.kpxe");
  EXPECT_EQ(parse_url("tftp://10.0.0.1/x")->server.port, 69);
}

TEST(Url, IsRefusedWithASentence) {
  EXPECT_EQ(parse_url("https://10.0.0.1/x").error(), "'https' is not spoken here, only http and tftp");
  EXPECT_EQ(parse_url("http://boot/x").error(), "'boot' is no IPv4 address, and DNS is not asked here");
  EXPECT_EQ(parse_url("http://10.0.0.1:0/x").error(), "no port: 'http://10.0.0.1:0/x'");
  EXPECT_EQ(parse_url("undionly.kpxe").error(), "'undionly.kpxe' is no URL");
  EXPECT_FALSE(parse_url("http://10.0.0.1/a b"));
  EXPECT_FALSE(parse_url("http://10.0.0.1/a\r\nHost: x"));
  EXPECT_FALSE(parse_url("http://10.0.0.1/" + std::string(longest_url, 'x')));
}

TEST(Url, IsMeantRelativeToWhatNamesIt) {
  Url base = *parse_url("http://10.0.0.1/boot/menu.ipxe?mac=/x");
  EXPECT_EQ(resolve(base, "unix")->path, "/boot/unix");
  EXPECT_EQ(resolve(base, "/unix")->path, "/unix");
  EXPECT_EQ(resolve(base, "tftp://10.0.0.2/unix")->server.address, Ipv4{0x0a000002});
  EXPECT_EQ(resolve(*parse_url("tftp://10.0.0.1/boot/x.ipxe"), "/unix")->path, "unix");
  EXPECT_FALSE(resolve(base, ""));
}

}  // namespace
}  // namespace slipway::walk
