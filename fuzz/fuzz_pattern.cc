// SPDX-License-Identifier: MPL-2.0
// The first line is a pattern, what follows is held against it: as a slow and simple matcher would.
#include <cstdlib>

#include "model/pattern.h"

using namespace slipway;

namespace {

/// Which beginnings of the pattern fit which beginnings of the value, one byte of the pattern at a time.
bool fits_slowly(std::string_view pattern, std::string_view value) {
  std::vector<bool> fits(value.size() + 1, false);
  fits[0] = true;
  for (char wanted : pattern) {
    std::vector<bool> next(value.size() + 1, false);
    for (std::size_t i = 0; i <= value.size(); ++i) {
      if (wanted == '*') {
        next[i] = fits[i] || (i > 0 && next[i - 1]);
      } else {
        next[i] = i > 0 && fits[i - 1] && value[i - 1] == wanted;
      }
    }
    fits = next;
  }
  return fits.back();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 512) return 0;
  std::string_view input = as_text({data, size});
  std::size_t end = input.find('\n');
  std::string_view text = input.substr(0, end);
  std::string_view value = end == input.npos ? std::string_view{} : input.substr(end + 1);
  auto pattern = model::Pattern::parse(text);
  if (pattern) pattern->fits(value);
  if (model::Pattern(text).fits(value) != fits_slowly(text, value)) std::abort();
  return 0;
}
