// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_content.h"

#include <cerrno>

#include <unistd.h>

namespace slipway::server {

std::optional<ByteView> TftpContent::slice(std::uint64_t offset, std::size_t length, Bytes& room) const {
  if (fd < 0) return bytes.subspan(offset, length);
  if (room.size() < length) room.resize(length);
  std::size_t done = 0;
  while (done < length) {
    ssize_t got = ::pread(fd, room.data() + done, length - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    done += static_cast<std::size_t>(got);
  }
  return ByteView(room).first(length);
}

}  // namespace slipway::server
