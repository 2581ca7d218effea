// SPDX-License-Identifier: MPL-2.0
#include "cli/problems_json.h"

#include <gtest/gtest.h>

namespace slipway::cli {
namespace {

TEST(ProblemsJson, SaysWhereWhatAndWhatToDo) {
  Problems problems{{{"a.toml", 3, 7}, "unknown key \"dsn\"", "did you mean 'dns'?", Severity::error}};
  EXPECT_EQ(problems_json("a.toml", problems),
            R"({"file":"a.toml","ok":false,"problems":[{"file":"a.toml","line":3,"column":7,)"
            R"("severity":"error","what":"unknown key \"dsn\"","remedy":"did you mean 'dns'?"}]})");
}

TEST(ProblemsJson, IsOkWithWarningsAlone) {
  Problems problems{{{}, "loader ipxe.efi is missing", "", Severity::warning}};
  EXPECT_EQ(problems_json("a.toml", problems),
            R"({"file":"a.toml","ok":true,"problems":[{"file":"","line":0,"column":0,)"
            R"("severity":"warning","what":"loader ipxe.efi is missing","remedy":""}]})");
  EXPECT_EQ(problems_json("a.toml", {}), R"({"file":"a.toml","ok":true,"problems":[]})");
}

}  // namespace
}  // namespace slipway::cli
