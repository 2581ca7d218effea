// SPDX-License-Identifier: MPL-2.0
// Any text as a script or a configuration: lint says what it thinks and comes back.
#include <string_view>

#include "boot/lint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  slipway::boot::lint_ipxe(text);
  slipway::boot::lint_pxelinux(text);
  return 0;
}
