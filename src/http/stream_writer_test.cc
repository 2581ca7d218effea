// SPDX-License-Identifier: MPL-2.0
#include "http/stream_writer.h"

#include <gtest/gtest.h>

namespace slipway::http {
namespace {

TEST(StreamWriter, HoldsWhatWasWrittenUntilItIsTaken) {
  StreamWriter writer;
  EXPECT_TRUE(writer.write("a"));
  EXPECT_TRUE(writer.write("b"));
  EXPECT_EQ(writer.take(), "ab");
  EXPECT_EQ(writer.take(), "");
}

TEST(StreamWriter, CutsASlowFollowerWithALastLine) {
  StreamWriter writer({10, "bye\n"});
  EXPECT_TRUE(writer.write("12345678"));
  EXPECT_FALSE(writer.write("90abc"));
  EXPECT_FALSE(writer.write("d"));
  EXPECT_EQ(writer.take(), "12345678bye\n");
  EXPECT_TRUE(writer.finished());
}

TEST(StreamWriter, TellsOnceThatTheClientWent) {
  StreamWriter writer;
  int told = 0;
  writer.on_closed([&] { ++told; });
  writer.disconnected();
  writer.disconnected();
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(writer.write("x"));
}

TEST(StreamWriter, SendsWhatWaitsBeforeItFinishes) {
  StreamWriter writer;
  writer.write("last");
  writer.finish();
  EXPECT_FALSE(writer.finished());
  EXPECT_EQ(writer.take(), "last");
  EXPECT_TRUE(writer.finished());
}

}  // namespace
}  // namespace slipway::http
