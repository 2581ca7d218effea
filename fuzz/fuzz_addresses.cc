// SPDX-License-Identifier: MPL-2.0
// Whatever reads as an address is written in one way that reads as the same address.
#include <cstdlib>

#include "base/address.h"
#include "base/safe_path.h"

using namespace slipway;

template <typename T>
void check(std::string_view text) {
  if (auto value = T::parse(text); value && T::parse(value->to_string()) != value) std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text({data, size});
  check<Ipv4>(text);
  check<Prefix>(text);
  check<MacAddress>(text);
  check<Uuid>(text);
  check<SafePath>(text);
  return 0;
}
