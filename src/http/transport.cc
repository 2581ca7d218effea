// SPDX-License-Identifier: MPL-2.0
#include "http/transport.h"

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>

#include "http/socket_calls.h"

namespace slipway::http {
namespace {

class Plain final : public Transport {
 public:
  explicit Plain(int socket) : socket_(socket) {}

  Moved receive(std::span<char> into) override {
    ssize_t n = ::recv(socket_, into.data(), into.size(), MSG_DONTWAIT);
    if (n == 0) return {Result::gone};
    return moved_by(n);
  }

  Moved send(std::span<const std::string_view> parts, bool more) override {
    std::array<iovec, 4> pieces{};
    std::size_t count = 0;
    for (std::string_view part : parts) {
      if (!part.empty() && count < pieces.size())
        pieces[count++] = {const_cast<char*>(part.data()), part.size()};
    }
    int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more ? more_follows : 0);
    if (count == 1) return moved_by(::send(socket_, pieces[0].iov_base, pieces[0].iov_len, flags));
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    return moved_by(::sendmsg(socket_, &message, flags));
  }

  Moved send_file(int file, std::uint64_t offset, std::uint64_t count) override {
    return http::send_file(socket_, file, offset, count);
  }

  void finish_sending() override { ::shutdown(socket_, SHUT_WR); }

 private:
  int socket_;
};

}  // namespace

Transport::Moved moved_by(ssize_t sent) {
  if (sent >= 0) return {Transport::Result::ok, static_cast<std::size_t>(sent)};
  bool passes = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {passes ? Transport::Result::blocked : Transport::Result::gone};
}

std::unique_ptr<Transport> plain_transport(int socket) {
  return std::make_unique<Plain>(socket);
}

}  // namespace slipway::http
