// SPDX-License-Identifier: MPL-2.0
// Any bytes are a capture or a named error, and what is in a capture can be shown.
#include <cstdlib>

#include "wire/dump.h"

using namespace slipway::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto capture = read_pcap({data, size});
  if (!capture) return 0;
  if (capture->frames != capture->datagrams.size() + capture->fragments + capture->others) std::abort();
  dump_capture(*capture);
  return 0;
}
