// SPDX-License-Identifier: MPL-2.0
// A TFTP server that says anything at any time: the download ends, and counts no byte it did not get.
#include <cstdlib>

#include "walk/tftp_download.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader script({data, size});
  walk::Fetch fetch;
  fetch.url.server = {{0x0a000001}, 69};
  fetch.url.path = "f";
  fetch.tftp = {script.u8() % 1468u + 8u, script.u8() % 8u + 1u, true, (script.u8() & 1) != 0};
  fetch.keep = true;
  Tick now{std::chrono::seconds(1)};
  walk::TftpDownload download(fetch, now);
  std::uint64_t given = 0;
  while (!script.at_end() && !download.end()) {
    download.take_packets();
    now += Duration(script.u16());
    ByteView packet = script.take(std::min<std::size_t>(script.u8(), script.remaining()));
    given += packet.size();
    download.receive(packet, {{0x0a000001}, static_cast<std::uint16_t>(40000 + (script.u8() & 1))}, now);
    download.tick(now);
  }
  for (int i = 0; i < 100 && !download.end(); ++i) download.tick(now = download.deadline());
  if (!download.end() || download.end()->bytes > given) std::abort();
  if (!download.end()->ok && download.end()->why.empty()) std::abort();
  return 0;
}
