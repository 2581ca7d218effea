// SPDX-License-Identifier: MPL-2.0
// A client that says anything at any time: every packet stays within the content, and it ends.
#include <cstdlib>

#include "tftp/transfer.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader script({data, size});
  std::uint64_t content = script.u16();
  wire::TftpRequest request{false, "f", script.u8() & 1 ? "octet" : "netascii", {}};
  for (const char* name : {"blksize", "windowsize", "tsize", "timeout", "utimeout"})
    if (script.u8() & 1) request.options.push_back({name, std::to_string(script.u16())});
  auto terms = tftp::negotiate(request, content, {script.u16(), script.u16()});
  if (!terms) return 0;

  Tick now{std::chrono::seconds(1)};
  tftp::Transfer transfer(content, *terms, now);
  while (!script.at_end() && !transfer.outcome()) {
    std::array<tftp::Packet, 16> packets;
    std::size_t count = transfer.pending(packets);
    for (std::size_t i = 0; i < count; ++i)
      if (packets[i].offset + packets[i].length > content) std::abort();
    transfer.sent(count == 0 ? 0 : script.u8() % (count + 1), now);
    now += Duration(script.u16());
    if (auto packet = wire::parse_tftp(script.take(std::min<std::size_t>(4, script.remaining()))))
      transfer.receive(*packet, now);
    if (script.u8() & 1) transfer.request_repeated(now);
    transfer.tick(now);
  }
  for (int i = 0; i < 10'000 && !transfer.outcome(); ++i) transfer.tick(now = transfer.deadline());
  if (!transfer.outcome() || transfer.outcome()->bytes > content) std::abort();
  return 0;
}
