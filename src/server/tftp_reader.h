// SPDX-License-Identifier: MPL-2.0
// Reads one content for one transfer, so that not every block costs a read: a small file from the memory that
// all its readers share, a large one some blocks ahead. All readers of a loop share a bound: the more
// transfers run, the less each holds. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "server/content_cache.h"
#include "server/tftp_content.h"

namespace slipway::server {

class TftpReader {
 public:
  static constexpr std::size_t most = 32 << 10;        ///< bytes that one holds
  static constexpr std::size_t together = 1536 << 10;  ///< bytes that all hold

  /// What all readers of a loop share.
  struct Shared {
    std::size_t readers = 0, held = 0;
    Bytes room;  ///< for what is too large to be held
    ContentCache contents;
  };

  TftpReader(TftpContent content, Shared& shared);
  ~TftpReader();
  TftpReader(const TftpReader&) = delete;
  TftpReader& operator=(const TftpReader&) = delete;

  std::uint64_t size() const { return content_.size(); }
  /// That part of the content, until the next call of any reader of the loop. Nothing when the file is
  /// shorter now or cannot be read.
  std::optional<ByteView> slice(std::uint64_t offset, std::size_t length);

 private:
  bool open();
  bool hold(std::uint64_t offset, std::size_t length);
  void let_go();

  TftpContent content_;
  Shared& shared_;
  bool opened_ = false;  ///< who only asks for the size has nothing read
  Bytes held_;
  std::uint64_t held_from_ = 0;
};

}  // namespace slipway::server
