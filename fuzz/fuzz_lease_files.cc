// SPDX-License-Identifier: MPL-2.0
// Any text is a lease file of every kind, or complains about its lines and no more of them than is bearable.
#include <cstdlib>

#include "migrate/foreign_lease.h"

using namespace slipway::migrate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  recognise(text);
  for (Format format : {Format::isc, Format::kea, Format::dnsmasq}) {
    LeaseFile file = read(format, text, "fuzz");
    if (file.problems.size() > 101) std::abort();
    if (last_of_each(file.leases).size() > file.leases.size()) std::abort();
  }
  return 0;
}
