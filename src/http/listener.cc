// SPDX-License-Identifier: MPL-2.0
#include "http/listener.h"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/result.h"
#include "http/socket_calls.h"
#include "net/abilities.h"
#include "net/remedies.h"
#include "net/sockaddr.h"

namespace slipway::http {
namespace {

using net::local_endpoint;
using net::to_endpoint;
using net::to_sockaddr;

constexpr int backlog = 4096;                  // the kernel takes somaxconn if that is less
constexpr int accepted_per_turn = 64;          // then others have their turn
constexpr std::chrono::seconds dead_peer{60};  // the kernel's own patience with data no one acknowledges

void set(int socket, int level, int name, unsigned value) {
  ::setsockopt(socket, level, name, &value, sizeof value);
}

std::string bind_remedy(int error, Endpoint endpoint) {
  switch (error) {
    case EADDRINUSE:
      return fmt::format("another program has port {}: `{}` names it; or set another port", endpoint.port,
                         net::remedies().who_has_tcp_ports);
    case EACCES:
      return fmt::format("ports below 1024 are not everybody's: {}", net::remedies().right_to_ports);
    case EADDRNOTAVAIL:
      return "no interface has this address";
    default:
      return {};
  }
}

sockaddr_un to_sockaddr(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw StartupError(fmt::format("the socket path {} is longer than {} bytes: set a shorter one", path,
                                   sizeof address.sun_path - 1));
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

/// A socket file survives its process; whether someone still listens only a connect tells.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return;
  if (!S_ISSOCK(info.st_mode))
    throw StartupError(
        fmt::format("{} exists and is no socket: move it away or set another socket path", path));
  UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  int error =
      ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
  if (error == 0 || error == EAGAIN)
    throw StartupError(fmt::format("another slipwayd listens on {}: stop it first", path));
  ::unlink(path.c_str());
}

}  // namespace

std::unique_ptr<Listener> Listener::tcp(net::Reactor& reactor, Endpoint endpoint, bool reuse_port,
                                        OnAccept on_accept, OnPause on_pause) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) throw StartupError(fmt::format("cannot make a TCP socket: {}", std::strerror(errno)));
  set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (reuse_port) net::share_port(socket.get());
  // Accepted sockets inherit these: set once instead of per connection.
  set(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  give_up_after(socket.get(), dead_peer);

  sockaddr_in address = to_sockaddr(endpoint);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), backlog) != 0) {
    int error = errno;
    std::string remedy = bind_remedy(error, endpoint);
    throw StartupError(fmt::format("cannot serve HTTP on {}: {}{}{}", endpoint.to_string(),
                                   std::strerror(error), remedy.empty() ? "" : "; ", remedy));
  }
  std::unique_ptr<Listener> listener(
      new Listener(reactor, std::move(socket), std::move(on_accept), std::move(on_pause)));
  listener->endpoint_ = local_endpoint(listener->socket_.get());
  return listener;
}

std::unique_ptr<Listener> Listener::unix_socket(net::Reactor& reactor, const std::string& path,
                                                OnAccept on_accept, OnPause on_pause) {
  sockaddr_un address = to_sockaddr(path);
  remove_stale(path, address);
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) throw StartupError(fmt::format("cannot make a unix socket: {}", std::strerror(errno)));
  ::fchmod(socket.get(), 0660);  // the file is born with it: never open to everyone, not for a moment
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw StartupError(fmt::format("cannot make the socket {}: {}; see that its folder exists and is ours",
                                   path, std::strerror(errno)));
  ::chmod(path.c_str(), 0660);  // what the umask took away
  if (::listen(socket.get(), backlog) != 0)
    throw StartupError(fmt::format("cannot listen on {}: {}", path, std::strerror(errno)));
  std::unique_ptr<Listener> listener(
      new Listener(reactor, std::move(socket), std::move(on_accept), std::move(on_pause)));
  listener->path_ = path;
  return listener;
}

Listener::Listener(net::Reactor& reactor, UniqueFd socket, OnAccept on_accept, OnPause on_pause)
    : socket_(std::move(socket)),
      on_accept_(std::move(on_accept)),
      on_pause_(std::move(on_pause)),
      watch_(reactor, socket_.get(), [this] { accept_waiting(); }) {}

Listener::~Listener() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

void Listener::resume() {
  paused_ = false;
  watch_.want_read(true);
}

void Listener::accept_waiting() {
  for (int i = 0; i < accepted_per_turn; ++i) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    bool is_unix = !path_.empty();
    UniqueFd socket(::accept4(socket_.get(), is_unix ? nullptr : reinterpret_cast<sockaddr*>(&from),
                              is_unix ? nullptr : &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
      // No descriptor or memory left: the connection stays in the queue, and we would turn for nothing.
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        paused_ = true;
        watch_.want_read(false);
        on_pause_();
      }
      if (errno == ECONNABORTED || errno == EINTR) continue;
      return;
    }
    Accepted accepted{std::move(socket), {}, {}};
    if (is_unix) {
      accepted.peer = peer_of(accepted.socket.get());
    } else {
      accepted.peer = to_endpoint(from);
      accepted.local = local_endpoint(accepted.socket.get());
    }
    on_accept_(std::move(accepted));
  }
}

}  // namespace slipway::http
