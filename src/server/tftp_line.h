// SPDX-License-Identifier: MPL-2.0
// How one transfer speaks to its client: from a port of its own (RFC 1350 section 4), or from the
// well-known port that all share, for NAT and containers that let only that one through. A line moves
// packets and decides nothing. On the reactor's thread; a socket that fails says so through `take_error`.
#pragma once

#include <deque>
#include <memory>
#include <span>

#include <boost/system/error_code.hpp>

#include "net/reactor.h"
#include "net/udp_socket.h"

namespace slipway::server {

class TftpListener {
 public:
  virtual void heard(std::span<const net::Datagram> batch) = 0;
  virtual void writable() = 0;

 protected:
  ~TftpListener() = default;
};

class TftpLine {
 public:
  TftpLine() = default;
  TftpLine(const TftpLine&) = delete;
  TftpLine& operator=(const TftpLine&) = delete;
  virtual ~TftpLine() = default;
  /// The number sent, in order; less than all when the socket is full or `take_error` tells of an error.
  virtual std::size_t send(std::span<const net::Gather> packets) = 0;
  virtual boost::system::error_code take_error() = 0;
  /// Whether to call `writable` when the socket takes more.
  virtual void want_write(bool wanted) = 0;
};

/// The listener may end the line in its call.
class OwnPort final : public TftpLine {
 public:
  OwnPort(net::Reactor& reactor, net::UdpSocket connected, net::DatagramBuffer& buffer,
          TftpListener& listener);
  std::size_t send(std::span<const net::Gather> packets) override { return socket_.send_train(packets); }
  boost::system::error_code take_error() override { return socket_.take_error(); }
  void want_write(bool wanted) override { watch_.want_write(wanted); }

 private:
  net::UdpSocket socket_;
  net::Watch watch_;
};

/// The well-known port as transfers see it: who waits for it to take more is called in turn.
class SharedPort {
 public:
  explicit SharedPort(net::UdpSocket& socket) : socket_(socket) {}
  /// Watches the socket; `watch` must call `writable`.
  void watch_with(net::Watch& watch) { watch_ = &watch; }
  void writable();
  std::unique_ptr<TftpLine> line(const net::Route& client, TftpListener& listener);

 private:
  friend class SharedLine;
  net::UdpSocket& socket_;
  net::Watch* watch_ = nullptr;
  std::deque<TftpListener*> waiting_;
};

}  // namespace slipway::server
