// SPDX-License-Identifier: MPL-2.0
// Files as bytes in memory, for TFTP: a file of an image, which never changes, is mapped; any other may be
// cut short under our feet, where a mapping would fault, and is read. Shared between the transfers that
// run at the same time. One thread.
#pragma once

#include <map>
#include <memory>

#include "base/bytes.h"
#include "http/message.h"

namespace slipway::server {

struct InMemory {
  ByteView bytes;
  std::shared_ptr<const void> keep_alive;
};

class MappedFiles {
 public:
  /// Nothing when the file cannot be read, or is not immutable and larger than `max_copied`.
  std::optional<InMemory> get(const std::shared_ptr<const http::OpenFile>& file, bool immutable);

  static constexpr std::uint64_t max_copied = 64 << 20;

 private:
  class Mapping;
  std::map<std::string, std::weak_ptr<const Mapping>> mappings_;  // by entity tag: size and digest or time
};

}  // namespace slipway::server
