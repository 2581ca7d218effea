// SPDX-License-Identifier: MPL-2.0
// One read transfer (RFC 1350, window after RFC 7440): packets and ticks in, packets and the next tick
// out. It reads no clock and no file and sends nothing: the loop asks `pending`, sends, says `sent`. It
// knows how long the content is, not what is in it: packets name slices of it.
// Duplicate ACKs never cause data to be sent twice (RFC 1123 section 4.2.3.1); the retransmission time
// follows the measured round trip (RFC 6298 in milliseconds). It always ends, with a named outcome.
// One thread at a time; nothing fails.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "tftp/negotiation.h"
#include "tftp/round_trip.h"
#include "wire/tftp_packet.h"

namespace slipway::tftp {

enum class Ending {
  complete,      ///< the client has acknowledged the last block
  client_error,  ///< the client sent ERROR
  timed_out,     ///< the client fell silent
  client_left,   ///< its port is closed, or asks for something else
  aborted,       ///< we ended it
};
std::string_view to_string(Ending ending);

struct Outcome {
  Ending ending = Ending::complete;
  std::uint16_t error_code = 0;  ///< of the client's ERROR
  std::string text;              ///< the client's words, or why we ended it
  std::uint64_t bytes = 0;       ///< acknowledged content
  std::uint64_t resent = 0;      ///< blocks sent more than once
  Duration duration{0};
  bool heard = false;  ///< the client said something after its request

  /// Complete, or stopped as loaders do on purpose: OVMF asks the size and sends ERROR 8, illumos'
  /// loader and iPXE end a transfer they need no more with ERROR 0.
  bool normal() const;
};

/// A packet to send: a DATA header with a slice of the content behind it, or a whole OACK. The slices of
/// pending packets follow each other without a gap.
struct Packet {
  std::array<std::uint8_t, 4> header{};
  std::uint8_t header_size = 0;  ///< 4 for DATA, 0 for an OACK
  std::uint64_t offset = 0;      ///< of the slice in the content
  std::size_t length = 0;        ///< of the slice
  ByteView oack;                 ///< lives as long as the transfer
};

struct Patience {
  Duration first = std::chrono::milliseconds(300);  ///< until a round trip is measured
  /// Between two retransmissions. Longer than the five seconds after which atftp says its ACK again: it takes
  /// no notice of a block that comes a third time, and every block it hears starts its clock anew.
  Duration longest = std::chrono::seconds(6);
  Duration give_up = std::chrono::seconds(30);  ///< without progress
};

/// The client's wish (RFC 2349) is the first pause between retransmissions, and the longest unless that were
/// less than a second.
Patience limited(Patience patience, const Terms& terms);

class Transfer {
 public:
  /// `size` is that of the content, in bytes.
  Transfer(std::uint64_t size, const Terms& terms, Tick now, const Patience& patience = {});

  /// Fills `out` with what may be sent now, in order; the number filled. Changes nothing.
  std::size_t pending(std::span<Packet> out) const;
  /// The first `count` of the pending packets have left.
  void sent(std::size_t count, Tick now);

  void receive(const wire::TftpPacket& packet, Tick now);
  /// The client repeated its request: it has not seen our first packet.
  void request_repeated(Tick now);
  /// Call when `deadline()` has come.
  void tick(Tick now);
  /// The client is not there any more: its port is closed (ICMP), or it asks for something else from it.
  /// Where only the ACK of the final block is missing, it got everything.
  void client_left(std::string why, Tick now);
  void abort(std::string reason, Tick now);
  /// What was pending had to wait that long for others: no silence of the client.
  void held_up(Duration wait) { progress_ += wait; }

  /// When `tick` is next due; meaningless once `outcome()` is set.
  Tick deadline() const { return deadline_; }
  const std::optional<Outcome>& outcome() const { return outcome_; }

  std::uint64_t bytes_acknowledged() const;
  unsigned block_size() const { return block_size_; }
  unsigned window() const { return window_; }
  Tick last_progress() const { return progress_; }

 private:
  void acknowledge(std::uint16_t block, Tick now);
  void advance(std::uint64_t acknowledged, Tick now);
  void rewind();
  void finish(Ending ending, Tick now, std::string text = {}, std::uint16_t code = 0);
  Packet packet(std::uint64_t block) const;
  std::uint64_t window_end() const;
  bool tells_a_gap(std::uint64_t acknowledged, Tick now) const;
  void notice_echoes(std::uint64_t acknowledged);

  std::uint64_t size_;
  Bytes oack_;
  unsigned block_size_;
  unsigned window_;
  Patience patience_;
  std::uint64_t last_;      ///< number of the final block, which is short or empty
  std::uint64_t base_;      ///< first block not acknowledged; 0 is the OACK
  std::uint64_t next_;      ///< next block to send
  std::uint64_t sent_end_;  ///< first block never sent
  std::uint64_t resent_ = 0;
  bool heard_ = false;
  int silences_ = 0;  ///< time-outs since the client last said something: of a window ever less is sent again
  RoundTrip round_trip_;
  std::uint64_t timed_block_ = 0;   ///< its ACK is a sample of the round trip
  std::optional<Tick> timed_at_;    ///< when it left; unset: nothing to measure, or it left twice
  Tick pass_began_;                 ///< when the packets from `base_` on last began to leave
  bool pass_open_ = true;           ///< the next packet to leave begins a pass
  std::uint64_t rewound_from_ = 0;  ///< last block sent before the latest rewind; 0: none
  std::uint64_t settled_ = 0;       ///< ACKs of earlier blocks are echoes and tell no gap
  Tick started_;
  Tick progress_;  ///< when the client last acknowledged something new
  Tick deadline_;
  std::optional<Outcome> outcome_;
};

}  // namespace slipway::tftp
