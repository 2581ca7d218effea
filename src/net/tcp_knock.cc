// SPDX-License-Identifier: MPL-2.0
#include "net/tcp_knock.h"

#include <cerrno>
#include <utility>

#include "net/sockaddr.h"

namespace slipway::net {

TcpKnock::TcpKnock(Reactor& reactor, Endpoint to, Duration patience, std::function<void(bool answered)> done)
    : done_(std::move(done)),
      fd_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      timer_(reactor, [this] { end(false); }) {
  sockaddr_in address = to_sockaddr(to);
  bool asked =
      fd_ && (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
              errno == EINPROGRESS);
  if (!asked) {
    timer_.after(Duration::zero());
    return;
  }
  timer_.after(patience);
  auto decided = [this] {
    int error = 0;
    socklen_t size = sizeof error;
    bool known = ::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0;
    end(known && error == 0);
  };
  watch_ = Watch(reactor, fd_.get(), decided, decided);
  watch_.want_read(false);
  watch_.want_write(true);
}

void TcpKnock::end(bool answered) {
  watch_.reset();
  timer_.cancel();
  fd_.reset();
  auto done = std::exchange(done_, {});
  if (done) done(answered);  // the last thing: it may destroy us
}

}  // namespace slipway::net
