// SPDX-License-Identifier: MPL-2.0
// Whatever parses must serialize to something that parses to the same again.
#include <cstdlib>

#include "wire/tftp_packet.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto first = wire::parse_tftp({data, size});
  if (!first) return 0;
  Bytes again = std::visit([](const auto& packet) { return serialize(packet); }, *first);
  auto second = wire::parse_tftp(again);
  if (!second || second->index() != first->index()) std::abort();
  if (std::visit([](const auto& packet) { return serialize(packet); }, *second) != again &&
      !std::holds_alternative<wire::TftpError>(*first))  // its text was made printable once already
    std::abort();
  return 0;
}
