// SPDX-License-Identifier: MPL-2.0
// One transfer with its socket, timer and content. It moves packets between the socket and tftp::Transfer
// and decides nothing. On the reactor's thread; a socket that fails is taken for a network that loses.
#pragma once

#include <functional>

#include "net/reactor.h"
#include "net/udp_socket.h"
#include "server/tftp_service.h"
#include "tftp/transfer.h"

namespace slipway::server {

class TftpSession {
 public:
  struct Parts {
    net::Reactor& reactor;
    net::DatagramBuffer& buffer;  ///< shared by all sessions of the reactor
    net::UdpSocket socket;        ///< connected
    TftpContent content;
    tftp::Terms terms;
    tftp::Patience patience;
  };

  /// `on_end` is called once, last, and may destroy the session.
  TftpSession(Parts parts, std::function<void()> on_end);
  TftpSession(const TftpSession&) = delete;
  TftpSession& operator=(const TftpSession&) = delete;

  /// Sends the first packet.
  void start() { go_on(); }
  void request_repeated();
  void client_left(std::string why);
  void abort(std::string why);

  const tftp::Transfer& transfer() const { return transfer_; }

 private:
  void receive();
  void go_on();
  void send_pending();
  bool send_batch();
  void end();

  net::Reactor& reactor_;
  net::DatagramBuffer& buffer_;
  TftpContent content_;
  tftp::Transfer transfer_;
  std::function<void()> on_end_;
  net::UdpSocket socket_;
  net::Watch watch_;
  net::Timer timer_;
};

}  // namespace slipway::server
