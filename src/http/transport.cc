// SPDX-License-Identifier: MPL-2.0
#include "http/transport.h"

#include <array>
#include <cerrno>

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace slipway::http {
namespace {

class Plain final : public Transport {
 public:
  explicit Plain(int socket) : socket_(socket) {}

  Moved receive(std::span<char> into) override {
    ssize_t n = ::recv(socket_, into.data(), into.size(), MSG_DONTWAIT);
    if (n == 0) return {Result::gone};
    return moved(n);
  }

  Moved send(std::span<const std::string_view> parts, bool more) override {
    std::array<iovec, 4> pieces{};
    std::size_t count = 0;
    for (std::string_view part : parts) {
      if (!part.empty() && count < pieces.size())
        pieces[count++] = {const_cast<char*>(part.data()), part.size()};
    }
    int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0);
    if (count == 1) return moved(::send(socket_, pieces[0].iov_base, pieces[0].iov_len, flags));
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    return moved(::sendmsg(socket_, &message, flags));
  }

  Moved send_file(int file, std::uint64_t offset, std::uint64_t count) override {
    auto at = static_cast<off_t>(offset);
    ssize_t n = ::sendfile(socket_, file, &at, count);
    if (n == 0) return {Result::failed};  // cut short under us: the promised length cannot be kept
    if (n < 0 && errno != EPIPE && errno != ECONNRESET && errno != ETIMEDOUT && !passes())
      return {Result::failed};
    return moved(n);
  }

  void finish_sending() override { ::shutdown(socket_, SHUT_WR); }

 private:
  static bool passes() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }
  /// What a system call said of itself. An interrupted one is tried again at the next readiness.
  static Moved moved(ssize_t n) {
    if (n >= 0) return {Result::ok, static_cast<std::size_t>(n)};
    return {passes() ? Result::blocked : Result::gone};
  }

  int socket_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(int socket) {
  return std::make_unique<Plain>(socket);
}

}  // namespace slipway::http
