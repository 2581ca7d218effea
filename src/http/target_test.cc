// SPDX-License-Identifier: MPL-2.0
#include "http/target.h"

#include <gtest/gtest.h>

namespace slipway::http {
namespace {

std::string path_of(std::string_view raw) {
  auto target = parse_target(raw);
  return target ? target->path.to_string() : "refused: " + std::string(to_string(target.error()));
}

TEST(Target, KeepsAPlainPath) {
  EXPECT_EQ(path_of("/os/20240102T030405Z/platform/i86pc/kernel/amd64/unix"),
            "os/20240102T030405Z/platform/i86pc/kernel/amd64/unix");
  EXPECT_EQ(path_of("/"), "");
}

TEST(Target, DecodesEscapes) {
  EXPECT_EQ(path_of("/boot/0c%3ac4.ipxe"), "boot/0c:c4.ipxe");
  EXPECT_EQ(path_of("/a+b"), "a+b");
}

TEST(Target, TakesDoubledSlashesAsOne) {
  EXPECT_EQ(path_of("//smartos//x"), "smartos/x");
}

TEST(Target, AcceptsTheAbsoluteForm) {
  EXPECT_EQ(path_of("http://10.0.0.1:80/boot.ipxe?x=1"), "boot.ipxe");
  EXPECT_EQ(path_of("http://host"), "");
}

TEST(Target, RefusesEveryWayOutOfTheRoot) {
  for (const char* raw :
       {"/../etc/passwd", "/a/%2e%2e/b", "/a/..%2fb", "/a%2fb", "/a%5cb", "/a/%00", "/a\x01"}) {
    EXPECT_TRUE(parse_target(raw).has_error()) << raw;
  }
  EXPECT_EQ(parse_target("/a%2Fb").error(), TargetError::encoded_slash);
  EXPECT_EQ(parse_target("/x/%2e%2e/y").error(), TargetError::unsafe_path);
}

TEST(Target, RefusesBrokenEscapes) {
  for (const char* raw : {"/%", "/%4", "/%zz", "/a?b=%f"}) {
    auto target = parse_target(raw);
    ASSERT_TRUE(target.has_error()) << raw;
    EXPECT_EQ(target.error(), TargetError::bad_escape) << raw;
  }
}

TEST(Target, RefusesWhatIsNeitherPathNorUrl) {
  for (const char* raw : {"", "boot.ipxe", "://x/y", "http:///y"}) {
    EXPECT_EQ(parse_target(raw).error(), TargetError::bad_form) << raw;
  }
}

TEST(Target, SplitsTheQueryAndDecodesIt) {
  auto target = parse_target("/api/v1/events?since=12&machine=0c%3Ac4&empty=&flag&text=a+b%26c");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->parameter("since"), "12");
  EXPECT_EQ(target->parameter("machine"), "0c:c4");
  EXPECT_EQ(target->parameter("empty"), "");
  EXPECT_EQ(target->parameter("flag"), "");
  EXPECT_EQ(target->parameter("text"), "a b&c");
  EXPECT_EQ(target->parameter("absent"), std::nullopt);
}

TEST(Target, BoundsTheNumberOfParameters) {
  std::string raw = "/x?";
  for (int i = 0; i < 40; ++i) raw += "a=1&";
  EXPECT_TRUE(parse_target(raw).has_error());
}

}  // namespace
}  // namespace slipway::http
