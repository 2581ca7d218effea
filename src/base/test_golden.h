// SPDX-License-Identifier: MPL-2.0
// For tests only: text that the code makes and a person reads lies in the repository, and this holds the
// two together. UPDATE_GOLDEN=1 writes the file anew.
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace slipway {

inline std::string read_source_file(const std::string& path) {
  std::ifstream file(SLIPWAY_SOURCE_DIR "/" + path);
  EXPECT_TRUE(file) << path << " is missing";
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// `path` from the top of the repository: "docs/reference/drops.md".
inline void expect_file_says(const std::string& path, const std::string& made) {
  if (std::getenv("UPDATE_GOLDEN")) std::ofstream(SLIPWAY_SOURCE_DIR "/" + path) << made;
  EXPECT_EQ(read_source_file(path), made)
      << path << ": run this test with UPDATE_GOLDEN=1 and look at the difference";
}

}  // namespace slipway
