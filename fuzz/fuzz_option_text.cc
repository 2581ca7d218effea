// SPDX-License-Identifier: MPL-2.0
// The first byte is an option's code, the rest its value: as an operator's text and as bytes of a packet.
#include <cstdlib>

#include "wire/pxe_options.h"

using namespace slipway;
using namespace slipway::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  ByteView value{data + 1, size - 1};
  describe_option(data[0], value);
  if (auto pxe = parse_pxe_options(value); pxe && parse_pxe_options(encode_pxe_options(*pxe)) != pxe)
    std::abort();
  parse_ipxe_options(value);
  parse_user_class(value);
  const OptionInfo* info = find_option(data[0]);
  if (!info || info->type == OptionType::text) return 0;
  auto bytes = encode_option(*info, as_text(value));
  if (!bytes) return 0;
  auto again = encode_option(*info, describe_option(data[0], *bytes));
  if (!again || *again != *bytes) std::abort();
  return 0;
}
