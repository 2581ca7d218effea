// SPDX-License-Identifier: MPL-2.0
// Whatever an HTTP server says, in whatever pieces: a reply that is whole or broken, of bounded text.
#include <cstdlib>

#include "walk/fetch.h"
#include "walk/http_reply.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  walk::HttpReply reply;
  reply.expect((data[0] & 1) != 0, (data[0] & 2) != 0);
  std::size_t step = data[1] % 64 + 1u;  // the network's choice
  ByteView rest = ByteView(data, size).subspan(2);
  while (!rest.empty() && !reply.whole() && !reply.broken()) {
    ByteView piece = rest.first(std::min(step, rest.size()));
    std::size_t used = reply.feed(piece);
    if (used > piece.size() || (used < piece.size() && !reply.whole() && !reply.broken())) std::abort();
    rest = rest.subspan(used);
    if (std::uint64_t skippable = reply.skippable(); skippable > 0 && (data[0] & 4))
      reply.skipped(std::min<std::uint64_t>(skippable, 7));
  }
  reply.closed();
  if (!reply.whole() && !reply.broken()) std::abort();
  if (reply.broken() && reply.why().empty()) std::abort();
  if (reply.take_text().size() > walk::longest_script) std::abort();
  return 0;
}
