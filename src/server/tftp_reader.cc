// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_reader.h"

#include <algorithm>

namespace slipway::server {

TftpReader::TftpReader(TftpContent content, Shared& shared) : content_(std::move(content)), shared_(shared) {
  ++shared_.readers;
}

std::optional<ByteView> TftpReader::slice(std::uint64_t offset, std::size_t length) {
  if (content_.fd < 0) return content_.slice(offset, length, shared_.room);
  bool held = offset >= held_from_ && offset + length <= held_from_ + held_.size();
  if (!held && !hold(offset, length)) return content_.slice(offset, length, shared_.room);
  return ByteView(held_).subspan(offset - held_from_, length);
}

/// Whether it holds that part now.
bool TftpReader::hold(std::uint64_t offset, std::size_t length) {
  std::size_t share = std::min(most, together / shared_.readers);
  std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(share, content_.size() - offset));
  if (held_.capacity() > share) held_ = Bytes();
  held_.resize(wanted >= 2 * length ? wanted : 0);
  held_from_ = offset;
  if (held_.empty() || content_.slice(offset, wanted, held_)) return !held_.empty();
  held_.clear();
  return false;
}

}  // namespace slipway::server
