// SPDX-License-Identifier: MPL-2.0
// Range and entity-tag fields: ranges that are served lie within the file, and together are no more than it.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "http/files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway::http;
  if (size < 8) return 0;
  std::uint64_t file_size = 0;
  std::memcpy(&file_size, data, 8);
  std::string_view field(reinterpret_cast<const char*>(data) + 8, size - 8);
  for (std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1000}, file_size}) {
    RangeChoice choice = choose_range(field, length);
    if ((choice.kind == RangeKind::some) == choice.ranges.empty() || choice.ranges.size() > max_ranges)
      std::abort();
    std::uint64_t asked = 0;
    for (auto [first, last] : choice.ranges) {
      if (first > last || last >= length) std::abort();
      asked += last - first + 1;
    }
    if (asked > length) std::abort();
  }
  names_etag(field, "0123456789abcdef", file_size % 2 == 0);
  return 0;
}
