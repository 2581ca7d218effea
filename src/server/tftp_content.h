// SPDX-License-Identifier: MPL-2.0
// What a transfer sends: bytes in memory, or a file that is read as it goes, so that a thousand transfers
// hold no copy of it. A file is not mapped: one cut short or a disk that fails would be a SIGBUS for all.
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace slipway::server {

struct TftpContent {
  ByteView bytes;                          ///< without a file
  std::shared_ptr<const void> keep_alive;  ///< holds the bytes or the file until the transfer ends
  int fd = -1;                             ///< of the file
  std::uint64_t file_size = 0;             ///< when it was opened
  std::string identity{};                  ///< of the file: alike for the same bytes; empty: not told

  std::uint64_t size() const { return fd < 0 ? bytes.size() : file_size; }

  /// That part of the content, where it lies or read into `room`. Nothing when the file is shorter now or
  /// cannot be read.
  std::optional<ByteView> slice(std::uint64_t offset, std::size_t length, Bytes& room) const;
};

}  // namespace slipway::server
