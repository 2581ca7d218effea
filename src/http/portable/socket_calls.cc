// SPDX-License-Identifier: MPL-2.0
#include "http/socket_calls.h"

#include <algorithm>
#include <array>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __sun
#include <ucred.h>
#endif

namespace slipway::http {

const int more_follows = 0;

Transport::Moved send_file(int socket, int file, std::uint64_t offset, std::uint64_t count) {
  std::array<char, 64 * 1024> bytes;
  ssize_t n =
      ::pread(file, bytes.data(), std::min<std::uint64_t>(count, bytes.size()), static_cast<off_t>(offset));
  if (n <= 0) return {Transport::Result::failed};
  return moved_by(::send(socket, bytes.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL | MSG_DONTWAIT));
}

int unacknowledged(int) {
  return 0;
}

void give_up_after([[maybe_unused]] int socket, [[maybe_unused]] std::chrono::milliseconds silence) {
#ifdef TCP_ABORT_THRESHOLD
  auto value = static_cast<unsigned>(silence.count());
  ::setsockopt(socket, IPPROTO_TCP, TCP_ABORT_THRESHOLD, &value, sizeof value);
#endif
}

UnixPeer peer_of([[maybe_unused]] int socket) {
  UnixPeer peer{0, ~uid_t{0}, ~gid_t{0}, {}};
#ifdef __sun
  ucred_t* told = nullptr;
  if (::getpeerucred(socket, &told) != 0) return peer;
  const gid_t* groups = nullptr;
  int count = std::max(0, ::ucred_getgroups(told, &groups));
  peer = {::ucred_getpid(told), ::ucred_geteuid(told), ::ucred_getegid(told), {groups, groups + count}};
  ::ucred_free(told);
#endif
  return peer;
}

}  // namespace slipway::http
