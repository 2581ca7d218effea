// SPDX-License-Identifier: MPL-2.0
// A list in pieces: `limit` says how many, `cursor` where the last piece ended. A cursor is the key of an
// item, so what comes and goes between two pages is neither told twice nor makes others missed. Without
// `limit` and `cursor` a list is told whole. Pure.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace slipway::api {

struct Page {
  static constexpr std::size_t most = 1000;
  std::optional<std::size_t> limit;  ///< absent: all
  std::string after;                 ///< empty: from the beginning
};

/// From the request, or an answer 400. `usual`: the limit where none is asked for.
Result<Page, http::Response> page_of(const http::Request& request, std::optional<std::size_t> usual = {});

/// What a client is given to go on behind the item of this key.
std::string cursor_of(std::string_view key);

/// Leaves those of the page, in the order of their keys, which are unlike each other; the next cursor.
/// Keys are what `key_of` gives; a list that is wanted whole keeps the order it has.
template <typename Item, typename KeyOf>
std::optional<std::string> cut(std::vector<Item>& items, const Page& page, KeyOf key_of) {
  if (!page.limit) return std::nullopt;
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::string key = key_of(items[i]);
    if (key > page.after) order.emplace_back(std::move(key), i);
  }
  std::size_t count = std::min(*page.limit, order.size());
  bool more = count < order.size();
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end());
  order.resize(count);
  std::vector<Item> left;
  left.reserve(count);
  for (auto& [key, at] : order) left.push_back(std::move(items[at]));
  items = std::move(left);
  if (!more || order.empty()) return std::nullopt;
  return cursor_of(order.back().first);
}

}  // namespace slipway::api
