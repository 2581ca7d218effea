// SPDX-License-Identifier: MPL-2.0
#include <gtest/gtest.h>

#include "fetch/origin.h"
#include "fetch/url.h"

namespace slipway::fetch {
namespace {

TEST(Url, KeepsCredentialsAndQueriesToItself) {
  auto url = Url::parse("https://me:se%20cret@mirror.example:8443/os/platform-1.tgz?token=abc#top");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->shown(), "https://mirror.example:8443/os/platform-1.tgz");
  EXPECT_EQ(url->address(), "https://mirror.example:8443/os/platform-1.tgz?token=abc");
  EXPECT_EQ(url->user(), "me");
  EXPECT_EQ(url->password(), "se cret");
  EXPECT_EQ(url->file_name(), "platform-1.tgz");
  EXPECT_TRUE(url->secure());
}

TEST(Url, IsOfHttpOrHttpsAndWhole) {
  for (const char* bad :
       {"ftp://host/file", "file:///etc/passwd", "http://", "https://ho st/a", "http://h/\xc3\xa4"}) {
    auto url = Url::parse(bad);
    EXPECT_FALSE(url) << bad;
    EXPECT_TRUE(Url::is_url("ftp://host/file"));
  }
  EXPECT_FALSE(Url::parse("http://h/" + std::string(3000, 'a')));
  EXPECT_FALSE(Url::is_url("/tmp/a.tgz"));
  EXPECT_EQ(Url::parse("ftp://me:pw@host/x").error().what.find("pw"), std::string::npos);
}

TEST(Url, GivesAFileANameThatHidesNothing) {
  EXPECT_EQ(Url::parse("http://host/a/..%2f..%2fetc%2fpasswd")->file_name(), "passwd");
  EXPECT_EQ(Url::parse("http://host/a/.hidden")->file_name(), "download");
  EXPECT_EQ(Url::parse("http://host/a/b%20c.iso")->file_name(), "b-c.iso");
  EXPECT_EQ(Url::parse("http://host/")->file_name(), "download");
}

TEST(Url, TakesItsCredentialsToNoOtherHost) {
  auto url = Url::parse("https://me:pw@host/os/file");
  EXPECT_EQ(url->beside("md5sums.txt")->address(), "https://host/os/md5sums.txt");
  EXPECT_EQ(url->beside("/latest")->user(), "me");
  EXPECT_EQ(url->beside("https://other/latest")->user(), "");
  EXPECT_EQ(url->beside("http://host/latest")->user(), "");
  EXPECT_FALSE(url->beside("file:///etc/passwd"));
}

TEST(Origin, PrefersAStrongTagToADateAndIgnoresAWeakOne) {
  Origin origin;
  note_header(origin, "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n");
  EXPECT_EQ(origin.validator, "Mon, 01 Jan 2024 00:00:00 GMT");
  note_header(origin, "ETag: W/\"weak\"\r\n");
  EXPECT_EQ(origin.validator, "Mon, 01 Jan 2024 00:00:00 GMT");
  note_header(origin, "etag:  \"5e-1\"\r\n");
  note_header(origin, "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n");
  note_header(origin, "Content-Length: 1234\r\n");
  EXPECT_EQ(origin, (Origin{"\"5e-1\"", 1234}));
}

TEST(Origin, ComesBackFromTheDiskAsItWas) {
  for (const Origin& origin : {Origin{"\"tag\"", 5}, Origin{"", std::nullopt}, Origin{"Mon, 01 Jan 2024", 0}})
    EXPECT_EQ(parse_origin(to_text(origin)), origin);
  for (const char* bad : {"", "slipway-download-1", "slipway-download-2\n5\n\"a\"\n",
                          "slipway-download-1\nx\n\"a\"\n", "slipway-download-1\n5\n\"a\"\nmore\n"})
    EXPECT_FALSE(parse_origin(bad)) << bad;
}

TEST(ContentRange, IsReadOrRefused) {
  EXPECT_EQ(parse_content_range("bytes 100-199/200"), (ContentRange{100, 199, 200}));
  EXPECT_EQ(parse_content_range("bytes 0-0/*"), (ContentRange{0, 0, std::nullopt}));
  for (const char* bad : {"bytes 5-4/10", "bytes 0-10/10", "bytes */10", "items 0-1/2", "bytes 0-1",
                          "bytes -1/2", "bytes 0-99999999999999999999/*"})
    EXPECT_FALSE(parse_content_range(bad)) << bad;
}

}  // namespace
}  // namespace slipway::fetch
