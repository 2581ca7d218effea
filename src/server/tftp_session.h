// SPDX-License-Identifier: MPL-2.0
// One transfer with its line, timer and content. It moves packets between the line and tftp::Transfer
// and decides nothing. On the reactor's thread; a socket that fails is taken for a network that loses.
#pragma once

#include <functional>
#include <memory>

#include "net/reactor.h"
#include "server/tftp_content.h"
#include "server/tftp_line.h"
#include "server/tftp_turns.h"
#include "tftp/transfer.h"

namespace slipway::server {

class TftpSession final : private TftpListener, private TftpTurns::Taker {
 public:
  using OpenLine = std::function<std::unique_ptr<TftpLine>(TftpListener&)>;
  struct Parts {
    net::Reactor& reactor;
    TftpTurns& turns;
    Bytes& room;  ///< for what is read to be sent; shared by all sessions of the reactor
    OpenLine open_line;
    TftpContent content;
    tftp::Terms terms;
    tftp::Patience patience;
  };

  /// `on_end` is called once, last, and may destroy the session.
  TftpSession(Parts parts, std::function<void()> on_end);
  ~TftpSession();
  TftpSession(const TftpSession&) = delete;
  TftpSession& operator=(const TftpSession&) = delete;

  /// Sends the first packet.
  void start() { go_on(); }
  void request_repeated();
  /// A packet of the client that came in elsewhere.
  void hear(const wire::TftpPacket& packet);
  void client_left(std::string why);
  void abort(std::string why);

  const tftp::Transfer& transfer() const { return transfer_; }

 private:
  void heard(std::span<const net::Datagram> batch) override;
  void writable() override;
  void take_turn() override;
  void go_on();
  bool waits_for_turns() const;
  void send_some();
  std::size_t send_batch(std::span<const tftp::Packet> packets);
  void end();

  net::Reactor& reactor_;
  TftpTurns& turns_;
  Bytes& room_;
  TftpContent content_;
  tftp::Transfer transfer_;
  std::function<void()> on_end_;
  std::unique_ptr<TftpLine> line_;
  net::Timer timer_;
  bool in_turn_ = false;    ///< waits for its turn to send
  bool line_full_ = false;  ///< waits for the socket
};

}  // namespace slipway::server
