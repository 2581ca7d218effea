// SPDX-License-Identifier: MPL-2.0
#include "base/table.h"

#include <algorithm>

namespace slipway {
namespace {

/// Columns on the screen: UTF-8 continuation bytes take none.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t to, bool right) {
  std::string blanks(to - std::min(to, width(text)), ' ');
  return right ? blanks + text : text + blanks;
}

}  // namespace

Table::Table(std::vector<std::string> titles) : titles_(std::move(titles)) {
  for (std::string& title : titles_) {
    to_the_right_.push_back(title.ends_with('>'));
    if (to_the_right_.back()) title.pop_back();
  }
}

void Table::row(std::vector<std::string> cells) {
  cells.resize(titles_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::to_string() const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < titles_.size(); ++column) {
    widths.push_back(width(titles_[column]));
    for (const auto& cells : rows_) widths.back() = std::max(widths.back(), width(cells[column]));
  }
  std::string text;
  auto add = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      line += (column ? "  " : "") + padded(cells[column], widths[column], to_the_right_[column]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add(titles_);
  for (const auto& cells : rows_) add(cells);
  return text;
}

}  // namespace slipway
