// SPDX-License-Identifier: MPL-2.0
// One copy in memory for all that fetch the same at the same time: of small files, so that a block costs no
// read, and of what is asked for in netascii, so that a conversion costs a stranger nothing. It keeps what is
// in use and nothing else. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "server/tftp_content.h"

namespace slipway::server {

class ContentCache {
 public:
  static constexpr std::uint64_t small = 2 << 20;     ///< bytes; loaders are smaller
  static constexpr std::uint64_t together = 8 << 20;  ///< bytes of all that is held in one form

  /// A small file in memory; anything else as it is. Nothing when the file cannot be read.
  std::optional<TftpContent> get(const TftpContent& source);
  /// What it says of the refusal is for the client.
  Result<TftpContent, std::string> netascii(const TftpContent& source);

 private:
  struct Copy {
    TftpContent source;  ///< kept, so that no other bytes come to lie where these were
    Bytes bytes;
  };
  using Key = std::pair<std::string, bool>;  ///< whose, and whether in netascii
  std::shared_ptr<const Copy> known(const Key& key);
  TftpContent keep(const Key& key, Copy copy);
  bool has_room(const Key& key, std::uint64_t bytes) const;

  std::map<Key, std::weak_ptr<const Copy>> known_;
};

}  // namespace slipway::server
