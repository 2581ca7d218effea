// SPDX-License-Identifier: MPL-2.0
// A table a person can read: columns as wide as their widest cell, numbers to the right.
#pragma once

#include <string>
#include <vector>

namespace slipway {

class Table {
 public:
  /// A title that ends in '>' makes its column right-aligned; the mark is not printed.
  explicit Table(std::vector<std::string> titles);
  void row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string to_string() const;

 private:
  std::vector<bool> to_the_right_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::string> titles_;
};

}  // namespace slipway
