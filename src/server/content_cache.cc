// SPDX-License-Identifier: MPL-2.0
#include "server/content_cache.h"

#include <fmt/format.h>

#include "tftp/netascii.h"

namespace slipway::server {
namespace {

std::string identity_of(const TftpContent& source) {
  if (!source.identity.empty()) return source.identity;
  const void* where = source.fd < 0 ? source.bytes.data() : source.keep_alive.get();
  return fmt::format("{} {}", where, source.size());
}

}  // namespace

std::optional<TftpContent> ContentCache::get(const TftpContent& source) {
  if (source.fd < 0 || source.identity.empty() || source.size() > small) return source;
  Key key{source.identity, false};
  if (auto copy = known(key)) return TftpContent{copy->bytes, copy};
  if (!has_room(key, source.size())) return source;
  Copy copy{source, {}};
  auto whole = source.slice(0, source.size(), copy.bytes);
  if (!whole) return std::nullopt;
  return keep(key, std::move(copy));
}

Result<TftpContent, std::string> ContentCache::netascii(const TftpContent& source) {
  Key key{identity_of(source), true};
  if (auto copy = known(key)) return TftpContent{copy->bytes, copy};
  if (!has_room(key, 2 * source.size()))
    return "busy: other files are being sent in netascii; try again, or ask in mode octet";
  Bytes room;
  auto whole = source.slice(0, source.size(), room);
  if (!whole) return "the file cannot be read";
  return keep(key, {source, tftp::to_netascii(*whole)});
}

std::shared_ptr<const ContentCache::Copy> ContentCache::known(const Key& key) {
  auto found = known_.find(key);
  return found == known_.end() ? nullptr : found->second.lock();
}

TftpContent ContentCache::keep(const Key& key, Copy copy) {
  std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
  auto kept = std::make_shared<const Copy>(std::move(copy));
  known_[key] = kept;
  return {kept->bytes, kept};
}

bool ContentCache::has_room(const Key& key, std::uint64_t bytes) const {
  for (const auto& [other, kept] : known_) {
    auto copy = kept.lock();
    if (copy && other.second == key.second) bytes += copy->bytes.size();
  }
  return bytes <= together;
}

}  // namespace slipway::server
