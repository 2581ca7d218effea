// SPDX-License-Identifier: MPL-2.0
#include "http/socket_calls.h"

#include <cerrno>

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

namespace slipway::http {
namespace {

/// Those it had when it connected.
std::vector<gid_t> groups_of(int socket) {
  std::vector<gid_t> groups(64);
  auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  while (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) {
    if (errno != ERANGE) return {};
    groups.resize(size / sizeof(gid_t));
  }
  groups.resize(size / sizeof(gid_t));
  return groups;
}

}  // namespace

const int more_follows = MSG_MORE;

Transport::Moved send_file(int socket, int file, std::uint64_t offset, std::uint64_t count) {
  auto at = static_cast<off_t>(offset);
  ssize_t n = ::sendfile(socket, file, &at, count);
  if (n == 0) return {Transport::Result::failed};  // cut short under us: the promised length cannot be kept
  Transport::Moved moved = moved_by(n);
  bool peer_left = errno == EPIPE || errno == ECONNRESET || errno == ETIMEDOUT;
  if (moved.result == Transport::Result::gone && !peer_left) return {Transport::Result::failed};
  return moved;
}

int unacknowledged(int socket) {
  int held = 0;
  return ::ioctl(socket, SIOCOUTQ, &held) == 0 ? held : 0;
}

void give_up_after(int socket, std::chrono::milliseconds silence) {
  auto value = static_cast<unsigned>(silence.count());
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
}

UnixPeer peer_of(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {0, ~uid_t{0}, ~gid_t{0}, {}};
  return {peer.pid, peer.uid, peer.gid, groups_of(socket)};
}

}  // namespace slipway::http
