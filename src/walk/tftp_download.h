// SPDX-License-Identifier: MPL-2.0
// A TFTP client that reads one file (RFC 1350, options RFC 2347 to 2349, windows RFC 7440): packets and
// ticks in, packets and the next tick out. It reads no clock and sends nothing. Content is counted, and
// its beginning kept where that is wanted. It always ends, with a sentence where it did not go well.
// One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/time.h"
#include "walk/fetch.h"
#include "wire/tftp_packet.h"

namespace slipway::walk {

class TftpDownload {
 public:
  TftpDownload(const Fetch& fetch, Tick now);

  struct Packet {
    Endpoint to;
    Bytes bytes;
  };
  /// What is to be sent now, in order; the next call gives what came later.
  std::vector<Packet> take_packets();

  void receive(ByteView bytes, Endpoint from, Tick now);
  /// Call when `deadline()` has come.
  void tick(Tick now);
  /// The server's port is closed (ICMP).
  void refused(Tick now);

  Tick deadline() const { return deadline_; }
  const std::optional<FetchEnd>& end() const { return end_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  void ask(Tick now);
  void take(const wire::TftpData& data, Tick now);
  void take(const wire::TftpOack& oack, Tick now);
  void acknowledge(Tick now);
  void say(Bytes bytes);
  void patience(Tick now);
  void finish(bool ok, std::string why);

  Fetch fetch_;
  Endpoint peer_;         ///< the transfer's own port, once the server has chosen it
  Endpoint left_;         ///< of the transfer that only asked for the size
  bool probing_ = false;  ///< the first request only asks for the size
  unsigned block_size_ = 512, window_ = 1;
  std::uint64_t next_ = 1;  ///< block awaited; the wire has its low 16 bits
  unsigned in_window_ = 0;  ///< blocks since the last ACK
  bool gap_told_ = false;
  unsigned tries_ = 0;
  std::uint64_t bytes_ = 0, again_ = 0;
  std::string text_;
  Bytes last_said_;
  std::vector<Packet> out_;
  Tick deadline_;
  std::optional<FetchEnd> end_;
};

}  // namespace slipway::walk
