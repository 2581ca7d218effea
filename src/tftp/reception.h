// SPDX-License-Identifier: MPL-2.0
// One write transfer (RFC 1350, window after RFC 7440): packets and ticks in, content to keep and packets
// out. It reads no clock, keeps no file and sends nothing. The last block is acknowledged only when the
// content is said to be stored. It takes no more than its limit and always ends, with a named outcome. One
// thread at a time; nothing fails.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "tftp/negotiation.h"
#include "tftp/round_trip.h"
#include "tftp/transfer.h"
#include "wire/tftp_packet.h"

namespace slipway::tftp {

class Reception {
 public:
  Reception(const Terms& terms, std::uint64_t most_bytes, Tick now, const Patience& patience = {});

  /// What is to be appended to the content: a part of `packet`, or nothing.
  ByteView receive(const wire::TftpPacket& packet, Tick now);
  /// The client repeated its request: it has not seen our first packet.
  void request_repeated(Tick now);
  /// The last block is in: store the content, then say `stored` or `abort`.
  bool whole() const { return phase_ == Phase::whole; }
  bool lingers() const { return phase_ == Phase::lingering; }  ///< stored, and not ended yet
  /// What was promised is kept. The client hears so, and once more should that be lost.
  void stored(Tick now);
  /// Call when `deadline()` has come.
  void tick(Tick now);
  void client_left(std::string why, Tick now);
  /// Ends it; the client is told.
  void abort(const Refusal& why, Tick now);

  /// A packet to send now, once.
  std::optional<Bytes> take_answer() { return std::exchange(answer_, std::nullopt); }
  Tick deadline() const { return deadline_; }
  const std::optional<Outcome>& outcome() const { return outcome_; }
  std::uint64_t bytes() const { return bytes_; }
  Tick last_progress() const { return progress_; }

 private:
  enum class Phase { receiving, whole, lingering };
  ByteView take_block(const wire::TftpData& data, Tick now);
  void acknowledge(Tick now);
  void finish(Ending ending, Tick now, std::string text = {}, std::uint16_t code = 0);

  Bytes oack_;
  unsigned block_size_, window_;
  std::uint64_t most_bytes_;
  Patience patience_;
  RoundTrip round_trip_;
  Phase phase_ = Phase::receiving;
  std::uint64_t expected_ = 1;      ///< the next block in order
  std::uint64_t acknowledged_ = 0;  ///< last block we acknowledged
  std::uint64_t gap_ = 0;           ///< the block whose loss was told already
  std::uint64_t bytes_ = 0, resent_ = 0;
  Tick started_, progress_, deadline_;
  std::optional<Bytes> answer_;
  std::optional<Outcome> outcome_;
};

}  // namespace slipway::tftp
