// SPDX-License-Identifier: MPL-2.0
// Asks a host for an echo (RFC 792) and hears the answers to its own questions: each carries a number drawn
// at random when the socket was opened, and what does not carry it is not heard. The only home of ICMP. It
// decides nothing. Opened before privileges are dropped, it works after. Opening throws StartupError; asking
// returns the error, for example that there is no route. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <boost/system/error_code.hpp>

#include "base/address.h"
#include "base/bytes.h"
#include "base/random.h"
#include "base/unique_fd.h"

namespace slipway::net {

/// The ICMP message: identifier and sequence number, then the token as data.
Bytes echo_request(std::uint64_t token, std::uint16_t sequence);
/// Who echoed a message with this token; `packet` begins with its IPv4 header (RFC 791 §3.1).
std::optional<Ipv4> parse_echo_reply(ByteView packet, std::uint64_t token);

class EchoSocket {
 public:
  explicit EchoSocket(Random& random);
  /// Readable when an answer may be there.
  int fd() const { return fd_.get(); }
  boost::system::error_code ask(Ipv4 address);
  /// Some of those who answered: call again while the descriptor is readable.
  std::vector<Ipv4> receive();

 private:
  UniqueFd fd_;
  std::uint64_t token_;
  std::uint16_t sequence_ = 0;
};

}  // namespace slipway::net
