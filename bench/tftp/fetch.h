// SPDX-License-Identifier: MPL-2.0
// One client that fetches one file: RFC 1350, 2347 and 7440, as patient as firmware. Every byte is compared
// with the file as it lies on this machine. It moves no packets; the load does. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/address.h"
#include "base/bytes.h"

namespace slipway::bench {

using Nanoseconds = std::uint64_t;

/// What a client asks for.
struct Wish {
  std::string name;      ///< as it is asked for
  ByteView content;      ///< what must come
  unsigned block = 512;  ///< 512: no option is sent
  unsigned window = 1;   ///< 1: no option is sent
};

class Fetch {
 public:
  enum class State { running, complete, failed };
  using Say = std::function<void(Endpoint to, ByteView packet)>;

  Fetch(const Wish& wish, Endpoint server, Nanoseconds now);

  void ask(const Say& say, Nanoseconds now);
  void take(ByteView packet, Endpoint from, const Say& say, Nanoseconds now);
  /// Says again what got no answer for a second; true when it did. Five times in vain is a failure.
  bool look_at_clock(const Say& say, Nanoseconds now);

  State state() const { return state_; }
  const std::string& why() const { return why_; }  ///< it failed
  std::uint64_t bytes() const { return bytes_; }
  Nanoseconds began() const { return began_; }

 private:
  void take_oack(ByteView packet, const Say& say);
  void take_data(std::uint16_t block, ByteView payload, const Say& say, Nanoseconds now);
  void acknowledge(const Say& say);
  void fail(std::string why);

  const Wish& wish_;
  Endpoint server_;
  Endpoint peer_{};  ///< the server's port of this transfer, once it is known
  State state_ = State::running;
  std::string why_;
  unsigned block_ = 512, window_ = 1;
  std::uint64_t expected_ = 1, acked_ = 0;
  std::uint64_t gap_ = 0;  ///< the block before the gap that was told already
  std::uint64_t bytes_ = 0;
  unsigned tries_ = 0;
  Nanoseconds began_, heard_;
};

}  // namespace slipway::bench
