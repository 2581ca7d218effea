// SPDX-License-Identifier: MPL-2.0
#include "image/publication.h"

#include <algorithm>
#include <functional>

#include "image/stamp.h"

namespace slipway::image {
namespace {

constexpr std::size_t most_stamps = 10'000, stamp_size = 16;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::optional<std::string> latest_stamp(std::string_view text) {
  if (text.size() > most_latest_bytes) return std::nullopt;
  while (!text.empty() &&
         (text.back() == '\n' || text.back() == '\r' || text.back() == ' ' || text.back() == '/'))
    text.remove_suffix(1);
  std::string_view last = text.substr(text.rfind('/') + 1);
  return is_stamp(last) ? std::optional(std::string(last)) : std::nullopt;
}

std::vector<std::string> published_stamps(std::string_view listing) {
  listing = listing.substr(0, most_listing_bytes);
  std::vector<std::string> stamps;
  for (std::size_t at = 0; at + stamp_size <= listing.size() && stamps.size() < most_stamps;) {
    std::string_view candidate = listing.substr(at, stamp_size);
    bool alone = (at == 0 || !is_word(listing[at - 1])) &&
                 (at + stamp_size == listing.size() || !is_word(listing[at + stamp_size]));
    if (!alone || !is_stamp(candidate)) {
      ++at;
      continue;
    }
    if (stamps.empty() || stamps.back() != candidate)
      stamps.emplace_back(candidate);  // a page says each twice
    at += stamp_size;
  }
  std::sort(stamps.begin(), stamps.end(), std::greater<>());
  stamps.erase(std::unique(stamps.begin(), stamps.end()), stamps.end());
  return stamps;
}

const Sum* platform_archive(const std::vector<Sum>& sums, std::string_view stamp) {
  const Sum* best = nullptr;
  auto worth = [](const Sum& sum) { return sum.name.find("debug") == std::string::npos; };
  for (const Sum& sum : sums) {
    std::string_view name = sum.name;
    if (!name.starts_with("platform-") || !name.ends_with(".tgz")) continue;
    name.remove_suffix(4);
    if (!name.ends_with(stamp) || name[name.size() - stamp.size() - 1] != '-') continue;
    if (!best || worth(sum) > worth(*best)) best = &sum;
  }
  return best;
}

}  // namespace slipway::image
