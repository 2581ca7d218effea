// SPDX-License-Identifier: MPL-2.0
// Any file is looked at as a boot loader; only an iPXE tells features.
#include <cstdlib>

#include "boot/loader_traits.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto traits = boot::recognise_loader({data, size});
  if (traits && traits->features.reported && !traits->ipxe) std::abort();
  if (traits) boot::to_string(traits->features);
  return 0;
}
