// SPDX-License-Identifier: MPL-2.0
// What was read from the log of changes is written as the same bytes again.
#include <cstdlib>

#include "store/lease_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway;
  ByteView input(data, size);
  auto records = store::read_records(input);
  if (!records) return 0;
  ByteWriter out;
  for (const store::LeaseRecord& record : *records)
    record.row ? store::write_row(out, *record.row) : store::write_removal(out, record.address);
  if (!std::equal(input.begin(), input.end(), out.view().begin(), out.view().end())) std::abort();
  return 0;
}
