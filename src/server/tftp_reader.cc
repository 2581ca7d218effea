// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_reader.h"

#include <algorithm>

namespace slipway::server {

TftpReader::TftpReader(TftpContent content, Shared& shared) : content_(std::move(content)), shared_(shared) {
  ++shared_.readers;
}

TftpReader::~TftpReader() {
  let_go();
  --shared_.readers;
}

std::optional<ByteView> TftpReader::slice(std::uint64_t offset, std::size_t length) {
  if (length == 0) return ByteView();
  if (!std::exchange(opened_, true) && !open()) return std::nullopt;
  if (content_.fd < 0) return content_.slice(offset, length, shared_.room);
  bool held = offset >= held_from_ && offset + length <= held_from_ + held_.size();
  if (!held && !hold(offset, length)) return content_.slice(offset, length, shared_.room);
  return ByteView(held_).subspan(offset - held_from_, length);
}

bool TftpReader::open() {
  auto content = shared_.contents.get(content_);
  if (content) content_ = std::move(*content);
  return content.has_value();
}

/// Whether it holds that part now.
bool TftpReader::hold(std::uint64_t offset, std::size_t length) {
  std::size_t others = shared_.held - held_.size();
  std::size_t share = std::min({most, together / shared_.readers, together - others});
  std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(share, content_.size() - offset));
  if (held_.size() != wanted) let_go();
  if (wanted < 2 * length) return false;
  shared_.held += wanted - held_.size();
  held_.resize(wanted);
  held_from_ = offset;
  if (content_.slice(offset, wanted, held_)) return true;
  let_go();
  return false;
}

void TftpReader::let_go() {
  shared_.held -= held_.size();
  held_ = Bytes();
}

}  // namespace slipway::server
