// SPDX-License-Identifier: MPL-2.0
#include "config/dhcpd_words.h"

#include <set>

#include <gtest/gtest.h>

#include "config/settings.h"

namespace slipway::config {
namespace {

TEST(DhcpdWords, AreAnsweredWithOurs) {
  EXPECT_EQ(our_word_for("domain-name-servers"), "dns");
  EXPECT_EQ(our_word_for("routers"), "router");
  EXPECT_EQ(our_word_for("subnet-mask"), "network");
  EXPECT_EQ(our_word_for("filename"), "boot-file");
  EXPECT_EQ(our_word_for("max-lease-time"), "lease-time");
  EXPECT_EQ(our_word_for("fixed-address"), "address");
}

TEST(DhcpdWords, AreKnownInAnySpelling) {
  EXPECT_EQ(our_word_for("Domain_Name_Servers"), "dns");
  EXPECT_EQ(our_word_for("dhcp_range"), "range");
}

TEST(DhcpdWords, AreNotGuessed) {
  for (const char* word : {"", "dns", "range", "next-server", "router", "colour", "domain-name-server-s"})
    EXPECT_EQ(our_word_for(word), std::nullopt) << word;
}

TEST(DhcpdWords, AreAnsweredWithKeysThatThereAre) {
  std::set<std::string_view> keys;
  for (const SectionDoc& section : settings_reference()) {
    for (const SettingDoc& setting : section.settings) keys.insert(setting.name);
  }
  for (const char* word : {"domain-name-servers", "gateway", "domain-name", "netmask", "dhcp-range", "pools",
                           "default-lease-time", "filename", "tftp-server-name", "hardware", "fixed-address",
                           "host-name", "option-data", "vendor-class-identifier", "agent-circuit-id"})
    EXPECT_TRUE(keys.contains(our_word_for(word).value_or(""))) << word;
}

}  // namespace
}  // namespace slipway::config
