// SPDX-License-Identifier: MPL-2.0
// The bytes of one connection, as they are or through TLS. Never blocks; owns no descriptor: its connection
// does. A result `blocked` means: try again with the same bytes when the socket can be written to (or
// read from, where bytes were to be received). Private to http/.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace slipway::http {

class Transport {
 public:
  enum class Result {
    ok,
    blocked,
    gone,    ///< the client closed, reset, or broke the protocol below HTTP
    failed,  ///< a file cannot be read, or ended early
  };
  struct Moved {
    Result result = Result::ok;
    std::size_t bytes = 0;
  };
  enum class Handshake { done, wants_read, wants_write, failed };

  virtual ~Transport() = default;

  /// What comes before the first request. Again when the socket is ready, until it is done.
  virtual Handshake shake_hands() { return Handshake::done; }
  virtual Moved receive(std::span<char> into) = 0;
  /// Received already and not given out: no readiness of the socket tells of it.
  virtual bool holds_input() const { return false; }
  /// `more`: other bytes follow at once, so a small packet may wait for them.
  virtual Moved send(std::span<const std::string_view> parts, bool more) = 0;
  virtual Moved send_file(int file, std::uint64_t offset, std::uint64_t count) = 0;
  /// No more will be sent.
  virtual void finish_sending() = 0;
};

std::unique_ptr<Transport> plain_transport(int socket);

}  // namespace slipway::http
