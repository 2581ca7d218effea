// SPDX-License-Identifier: MPL-2.0
// http_null PORT FILE: sends the same file to whatever comes, reads no request and checks nothing. No server:
// what the wire, the kernel and the generator reach when the server costs nothing but one recv and one send.
#include <array>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/unique_fd.h"

namespace {

using slipway::UniqueFd;

std::string answer_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string body{std::istreambuf_iterator<char>(file), {}};
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{}",
                     body.size(), body);
}

UniqueFd listen_at(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
      ::listen(fd.get(), 4096) != 0)
    return {};
  return fd;
}

void watch(const UniqueFd& queue, int fd, unsigned events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(queue.get(), EPOLL_CTL_ADD, fd, &event);
}

void accept_one(const UniqueFd& queue, const UniqueFd& listener) {
  int client = ::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (client < 0) return;
  int on = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(queue, client, EPOLLIN | EPOLLET);
}

void answer_one(int client, const std::string& answer) {
  std::array<char, 8192> question;
  ssize_t got = ::recv(client, question.data(), question.size(), 0);
  if (got > 0) {
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  } else if (got == 0 || errno != EAGAIN) {
    ::close(client);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: http_null PORT FILE\n";
    return 2;
  }
  std::string answer = answer_of(argv[2]);
  UniqueFd listener = listen_at(static_cast<std::uint16_t>(std::atoi(argv[1]))),
           queue(::epoll_create1(EPOLL_CLOEXEC));
  if (!listener || !queue) {
    std::cerr << "http_null: cannot listen at " << argv[1] << '\n';
    return 1;
  }
  watch(queue, listener.get(), EPOLLIN);
  for (std::array<epoll_event, 64> events;;) {
    int ready = ::epoll_wait(queue.get(), events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      int fd = events[static_cast<std::size_t>(i)].data.fd;
      fd == listener.get() ? accept_one(queue, listener) : answer_one(fd, answer);
    }
  }
}
