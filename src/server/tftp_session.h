// SPDX-License-Identifier: MPL-2.0
// One transfer with its line, timer and content. It moves packets between the line and tftp::Transfer
// and decides nothing. On the reactor's thread; a socket that fails is taken for a network that loses.
#pragma once

#include <array>
#include <functional>
#include <memory>

#include "net/reactor.h"
#include "server/tftp_dialogue.h"
#include "server/tftp_pace.h"
#include "server/tftp_reader.h"
#include "server/tftp_turns.h"
#include "tftp/transfer.h"

namespace slipway::server {

/// Where a portion is put together; what one session leaves in it means nothing to the next.
struct TftpRoom {
  static constexpr std::size_t most_packets = 64;  // of one turn
  TftpReader::Shared reading;
  std::array<tftp::Packet, most_packets> packets;
  std::array<net::Gather, most_packets> train;
};

class TftpSession final : public TftpDialogue, private TftpListener, private TftpTurns::Taker {
 public:
  struct Parts {
    net::Reactor& reactor;
    TftpTurns& turns;
    TftpPace pace;
    TftpRoom& room;  ///< shared by all sessions of the reactor
    OpenLine open_line;
    TftpContent content;
    tftp::Terms terms;
    tftp::Patience patience;
  };

  /// `on_end` is called once, last, and may destroy the session.
  TftpSession(Parts parts, std::function<void()> on_end);
  ~TftpSession() override;

  void start() override { go_on(); }
  void request_repeated() override;
  void hear(const wire::TftpPacket& packet) override;
  void client_left(std::string why) override;
  void abort(std::string why) override;
  const std::optional<tftp::Outcome>& outcome() const override { return transfer_.outcome(); }
  bool under_way() const override { return transfer_.bytes_acknowledged() > 0; }
  Tick last_progress() const override { return transfer_.last_progress(); }

 private:
  void heard(std::span<const net::Datagram> batch) override;
  void writable() override;
  void take_turn() override;
  void go_on();
  bool waits_for_turns() const;
  void send_some();
  void wait_for_bandwidth(std::span<const tftp::Packet> packets);
  std::uint64_t left() const { return content_.size() - transfer_.bytes_acknowledged(); }
  std::size_t send_batch(std::span<const tftp::Packet> packets);
  void end();

  net::Reactor& reactor_;
  TftpTurns& turns_;
  TftpPace pace_;
  TftpRoom& room_;
  TftpReader content_;
  tftp::Transfer transfer_;
  std::function<void()> on_end_;
  std::unique_ptr<TftpLine> line_;
  net::Timer timer_;
  bool in_turn_ = false;    ///< waits for its turn to send, or for bandwidth
  bool line_full_ = false;  ///< waits for the socket
};

}  // namespace slipway::server
