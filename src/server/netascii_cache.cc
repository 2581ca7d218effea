// SPDX-License-Identifier: MPL-2.0
#include "server/netascii_cache.h"

#include "tftp/netascii.h"

namespace slipway::server {

std::optional<TftpContent> NetasciiCache::get(const TftpContent& source) {
  std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
  const void* where = source.fd < 0 ? source.bytes.data() : source.keep_alive.get();
  auto& known = known_[{where, source.size()}];
  auto text = known.lock();
  if (!text) {
    Bytes room;
    auto whole = source.slice(0, source.size(), room);
    if (!whole) return std::nullopt;
    text = std::make_shared<const Converted>(Converted{source, tftp::to_netascii(*whole)});
    known = text;
  }
  return TftpContent{text->bytes, text};
}

}  // namespace slipway::server
