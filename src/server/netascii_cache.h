// SPDX-License-Identifier: MPL-2.0
// Files in netascii, one conversion for all that fetch the same at the same time: requests cost a stranger
// nothing. It keeps what is in use and nothing else. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "server/tftp_content.h"

namespace slipway::server {

class NetasciiCache {
 public:
  /// Nothing when the file cannot be read.
  std::optional<TftpContent> get(const TftpContent& source);

 private:
  struct Converted {
    TftpContent source;  ///< kept, so that no other bytes come to lie where these were
    Bytes bytes;
  };
  std::map<std::pair<const void*, std::uint64_t>, std::weak_ptr<const Converted>> known_;
};

}  // namespace slipway::server
