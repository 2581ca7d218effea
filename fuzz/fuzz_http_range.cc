// SPDX-License-Identifier: MPL-2.0
// Range and entity-tag fields: a range that is served lies within the file.
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
    auto [first, last] = choice.range;
    if (choice.kind == RangeKind::one && (first > last || last >= length)) std::abort();
  }
  names_etag(field, "0123456789abcdef", file_size % 2 == 0);
  return 0;
}
