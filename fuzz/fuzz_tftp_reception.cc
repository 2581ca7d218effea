// SPDX-License-Identifier: MPL-2.0
// A client that writes anything at any time: never more than the limit is taken, and it ends.
#include <cstdlib>

#include "tftp/netascii.h"
#include "tftp/reception.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader script({data, size});
  wire::TftpRequest request{true, "f", "octet", {}};
  for (const char* name : {"blksize", "windowsize", "tsize", "timeout", "utimeout"})
    if (script.u8() & 1) request.options.push_back({name, std::to_string(script.u16())});
  std::uint64_t most = script.u16(), taken = 0;
  auto terms = tftp::negotiate_write(request, most, {script.u16(), script.u16()});
  if (!terms) return 0;

  Tick now{std::chrono::seconds(1)};
  tftp::Reception reception(*terms, most, now);
  tftp::NetasciiReader reader;
  while (!script.at_end() && !reception.outcome()) {
    now += Duration(script.u16());
    std::size_t length = script.u8() * 4u;
    if (auto packet = wire::parse_tftp(script.take(std::min(length, script.remaining())))) {
      ByteView content = reception.receive(*packet, now);
      taken += content.size();
      if (reader.read(content).size() > content.size() + 1) std::abort();
    }
    if (auto answer = reception.take_answer(); answer && !wire::parse_tftp(*answer)) std::abort();
    if (reception.whole() && script.u8() & 1) reception.stored(now);
    if (script.u8() & 1) reception.request_repeated(now);
    reception.tick(now);
  }
  if (reception.whole()) reception.stored(now);
  for (int i = 0; i < 10'000 && !reception.outcome(); ++i) reception.tick(now = reception.deadline());
  if (!reception.outcome() || taken > most || reception.outcome()->bytes != taken) std::abort();
  return 0;
}
