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
  if (held() + source.size() > together) return source;
  Copy copy{source, {}};
  auto whole = source.slice(0, source.size(), copy.bytes);
  if (!whole) return std::nullopt;
  return keep(key, std::move(copy));
}

std::optional<TftpContent> ContentCache::netascii(const TftpContent& source) {
  Key key{identity_of(source), true};
  if (auto copy = known(key)) return TftpContent{copy->bytes, copy};
  Bytes room;
  auto whole = source.slice(0, source.size(), room);
  if (!whole) return std::nullopt;
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

std::uint64_t ContentCache::held() const {
  std::uint64_t bytes = 0;
  for (const auto& entry : known_)
    if (auto copy = entry.second.lock()) bytes += copy->bytes.size();
  return bytes;
}

}  // namespace slipway::server
