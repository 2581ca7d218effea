// SPDX-License-Identifier: MPL-2.0
// Any bytes are a capture or a named error, in one piece or in many, and what is in it can be shown.
#include <algorithm>
#include <cstdlib>

#include "wire/dump.h"

using namespace slipway::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  slipway::ByteView file(data, size);
  auto capture = read_pcap(file);
  CaptureStream stream;
  CaptureSieve sieve;
  std::size_t frames = 0;
  for (std::size_t at = 0; at < size; at += 7) {
    stream.feed(file.subspan(at, std::min<std::size_t>(7, size - at)));
    while (auto packet = stream.next()) {
      dump_packet(*packet, sieve);
      ++frames;
    }
  }
  if (!capture) return 0;
  if (capture->frames != capture->datagrams.size() + capture->fragments.size() + capture->others)
    std::abort();
  if (frames != capture->frames) std::abort();
  return 0;
}
