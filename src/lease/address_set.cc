// SPDX-License-Identifier: MPL-2.0
#include "lease/address_set.h"

#include <bit>

namespace slipway::lease {
namespace {

constexpr std::uint32_t page_size = 65536;
constexpr std::uint64_t all_ones = ~std::uint64_t{0};

constexpr std::uint64_t bit(std::uint32_t index) {
  return std::uint64_t{1} << (index % 64);
}
/// The bits from this one upward.
constexpr std::uint64_t bits_from(std::uint32_t index) {
  return all_ones << (index % 64);
}

}  // namespace

void AddressSet::insert(Ipv4 address) {
  auto& page = pages_[address.value / page_size];
  if (!page) page = std::make_unique<Page>();
  std::uint32_t low = address.value % page_size;
  std::uint64_t& word = page->words[low / 64];
  if ((word & bit(low)) != 0) return;
  word |= bit(low);
  ++page->count;
  if (word == all_ones) page->full[low / 64 / 64] |= bit(low / 64);
}

void AddressSet::erase(Ipv4 address) {
  auto found = pages_.find(address.value / page_size);
  if (found == pages_.end()) return;
  Page& page = *found->second;
  std::uint32_t low = address.value % page_size;
  std::uint64_t& word = page.words[low / 64];
  if ((word & bit(low)) == 0) return;
  word &= ~bit(low);
  --page.count;
  page.full[low / 64 / 64] &= ~bit(low / 64);
}

bool AddressSet::contains(Ipv4 address) const {
  auto found = pages_.find(address.value / page_size);
  if (found == pages_.end()) return false;
  std::uint32_t low = address.value % page_size;
  return (found->second->words[low / 64] & bit(low)) != 0;
}

std::optional<std::uint32_t> AddressSet::Page::first_absent(std::uint32_t from) const {
  if (count == page_size) return std::nullopt;
  std::uint32_t word = from / 64;
  if (std::uint64_t absent = ~words[word] & bits_from(from)) {
    return word * 64 + static_cast<std::uint32_t>(std::countr_zero(absent));
  }
  std::uint32_t next = word + 1;  // the first word that is looked at in whole
  for (std::uint32_t group = next / 64; group < full.size(); ++group) {
    std::uint64_t open = ~full[group] & (group == next / 64 ? bits_from(next) : all_ones);
    if (open == 0) continue;
    std::uint32_t at = group * 64 + static_cast<std::uint32_t>(std::countr_zero(open));
    return at * 64 + static_cast<std::uint32_t>(std::countr_one(words[at]));
  }
  return std::nullopt;
}

std::optional<Ipv4> AddressSet::first_absent(model::AddressRange range) const {
  std::uint64_t at = range.first.value;  // wider than an address: the range may end at the last one
  while (at <= range.last.value) {
    auto found = pages_.find(static_cast<std::uint32_t>(at / page_size));
    if (found == pages_.end()) return Ipv4{static_cast<std::uint32_t>(at)};
    if (auto low = found->second->first_absent(static_cast<std::uint32_t>(at % page_size))) {
      std::uint64_t absent = at / page_size * page_size + *low;
      if (absent > range.last.value) return std::nullopt;
      return Ipv4{static_cast<std::uint32_t>(absent)};
    }
    at = (at / page_size + 1) * page_size;
  }
  return std::nullopt;
}

}  // namespace slipway::lease
