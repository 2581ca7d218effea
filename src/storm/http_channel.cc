// SPDX-License-Identifier: MPL-2.0
#include "storm/http_channel.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/sockaddr.h"

namespace slipway::storm {
namespace {

// Of the connection's set-up, and between two pieces of an answer.
constexpr Duration patience = std::chrono::seconds(60);
constexpr int receive_window = 256 << 10;  // bytes; what iPXE of these years announces at most
constexpr std::size_t most_at_once = 1 << 20;
constexpr int turns = 8;  // reads before others have their turn

UniqueFd open_socket(Ipv4 source) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fd;
  int on = 1, window = receive_window;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from = net::to_sockaddr({source, 0});
  if (!source.is_any() && ::bind(fd.get(), reinterpret_cast<sockaddr*>(&from), sizeof from) != 0) fd.reset();
  return fd;
}

}  // namespace

HttpChannel::HttpChannel(net::Reactor& reactor, std::string agent, Ipv4 source, std::uint64_t& total)
    : reactor_(reactor), agent_(std::move(agent)), source_(source), total_(total), timer_(reactor, [this] {
        finish(false, fmt::format("the HTTP server fell silent after {} bytes", reply_.bytes()));
      }) {}

void HttpChannel::close() {
  watch_.reset();
  socket_.reset();
  timer_.cancel();
}

void HttpChannel::fetch(const walk::Fetch& fetch, OnEnd on_end) {
  fetch_ = fetch;
  on_end_ = std::move(on_end);
  again_ = 0;
  head_ = fetch.head_first;
  kept_ = socket_ && url_.server == fetch.url.server;
  if (kept_) return ask();
  open();
}

void HttpChannel::open() {
  close();
  url_ = fetch_.url;
  socket_ = open_socket(source_);
  if (!socket_)
    return finish(false, fmt::format("no socket of {}: {}", source_.to_string(), std::strerror(errno)));
  sockaddr_in to = net::to_sockaddr(url_.server);
  connecting_ = true;
  bool done = ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  if (!done && errno != EINPROGRESS)
    return finish(false,
                  fmt::format("cannot connect to {}: {}", url_.server.to_string(), std::strerror(errno)));
  watch_ = net::Watch(
      reactor_, socket_.get(), [this] { receive(); }, [this] { connected(); });
  watch_.want_read(false);
  watch_.want_write(true);
  wait();
}

void HttpChannel::connected() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  watch_.want_write(false);
  connecting_ = false;
  if (error)
    return finish(false,
                  fmt::format("cannot connect to {}: {}", url_.server.to_string(), std::strerror(error)));
  watch_.want_read(true);
  ask();
}

/// One small write: it fits the empty send buffer of a connection that asks one thing at a time.
void HttpChannel::ask() {
  reply_.expect(head_, fetch_.keep);
  counted_ = 0;
  std::string request =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nConnection: keep-alive\r\n\r\n",
                  head_ ? "HEAD" : "GET", fetch_.url.path, fetch_.url.server.address.to_string(), agent_);
  wait();
  if (::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size()))
    hung_up();
}

void HttpChannel::wait() {
  timer_.at(reactor_.now().tick + patience);
}

void HttpChannel::receive() {
  if (!on_end_) return close();  // between two files: the server has ended the connection
  for (int turn = 0; turn < turns; ++turn) {
    if (!read_some()) return;
    if (reply_.broken()) return finish(false, reply_.why());
    if (reply_.whole()) return reply_ended();
  }
}

/// False when there is nothing more for now, or the fetch has ended.
bool HttpChannel::read_some() {
  std::array<std::uint8_t, 16384> buffer;
  std::uint64_t skip = std::min<std::uint64_t>(reply_.skippable(), most_at_once);
  // TCP throws away what MSG_TRUNC reads (tcp(7)): no copy of an archive that nobody looks at.
  bool discard = skip > buffer.size();
  auto size = ::recv(socket_.get(), discard ? nullptr : buffer.data(),
                     discard ? static_cast<std::size_t>(skip) : buffer.size(), discard ? MSG_TRUNC : 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (size <= 0) {
    hung_up();
    return false;
  }
  wait();
  if (discard) {
    reply_.skipped(static_cast<std::uint64_t>(size));
  } else {
    reply_.feed(ByteView(buffer.data(), static_cast<std::size_t>(size)));
  }
  total_ += reply_.bytes() - counted_;
  counted_ = reply_.bytes();
  return true;
}

void HttpChannel::reply_ended() {
  unsigned status = reply_.status();
  if (!reply_.keeps_alive()) close();
  if (status != 200) return finish(false, fmt::format("HTTP {}", status));
  if (!head_) return finish(true, "");
  head_ = false;
  kept_ = false;
  socket_ ? ask() : open();
}

/// A kept connection may have ended while nobody looked: that is no failure of the file.
void HttpChannel::hung_up() {
  bool idle = kept_ && !reply_.begun();
  kept_ = false;
  if (idle) {
    ++again_;
    return open();
  }
  reply_.closed();
  close();
  if (reply_.whole()) return reply_ended();
  finish(false, reply_.why());
}

void HttpChannel::finish(bool ok, std::string why) {
  timer_.cancel();
  if (!ok) close();
  walk::FetchEnd end{ok, std::move(why), reply_.bytes(), again_, reply_.take_text()};
  auto on_end = std::move(on_end_);
  if (on_end) on_end(end);
}

}  // namespace slipway::storm
