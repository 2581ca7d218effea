// SPDX-License-Identifier: MPL-2.0
// Reads one content for one transfer, some blocks ahead, so that not every block costs a read. All readers of
// a loop share a bound: the more transfers run, the less each holds. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "server/tftp_content.h"

namespace slipway::server {

class TftpReader {
 public:
  static constexpr std::size_t most = 32 << 10;        ///< bytes that one holds
  static constexpr std::size_t together = 2560 << 10;  ///< bytes that all hold

  /// What all readers of a loop share.
  struct Shared {
    std::size_t readers = 0;
    Bytes room;  ///< for what is too large to be held
  };

  TftpReader(TftpContent content, Shared& shared);
  ~TftpReader() { --shared_.readers; }
  TftpReader(const TftpReader&) = delete;
  TftpReader& operator=(const TftpReader&) = delete;

  std::uint64_t size() const { return content_.size(); }
  /// That part of the content, until the next call of any reader of the loop. Nothing when the file is
  /// shorter now or cannot be read.
  std::optional<ByteView> slice(std::uint64_t offset, std::size_t length);

 private:
  bool hold(std::uint64_t offset, std::size_t length);

  TftpContent content_;
  Shared& shared_;
  Bytes held_;
  std::uint64_t held_from_ = 0;
};

}  // namespace slipway::server
