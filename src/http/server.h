// SPDX-License-Identifier: MPL-2.0
// An HTTP/1.1 server on one reactor thread (RFC 9110, RFC 9112): listens on TCP addresses and unix
// sockets, parses, calls one handler, sends. Decides nothing about what is served.
// Several servers on several threads share nothing (SO_REUSEPORT spreads the connections).
// Fails: `listen` throws StartupError with the remedy; strangers' faults are answered, counted, closed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/address.h"
#include "base/metrics.h"
#include "base/time.h"
#include "http/message.h"
#include "http/router.h"

namespace slipway::net {
class Reactor;
}

namespace slipway::http {

struct Limits {
  std::size_t header_bytes = 8 * 1024;
  std::size_t target_bytes = 2 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::size_t connections = 4096;
  std::size_t connections_per_address = 64;           ///< TCP only
  std::chrono::milliseconds header_deadline{10'000};  ///< from the first byte of a request to its last
  std::chrono::milliseconds idle_deadline{60'000};    ///< between two requests of a connection
  /// A client must take `progress_bytes` in each such stretch while a response is on its way.
  std::chrono::milliseconds progress_deadline{30'000};
  std::size_t progress_bytes = 4 * 1024;
};

enum class Outcome {
  complete,     ///< every byte was handed to the kernel
  client_gone,  ///< closed or reset in the middle
  timed_out,    ///< took too little for too long
  stopped,      ///< the server was stopped
  failed,       ///< the file could not be read
};
std::string_view to_string(Outcome outcome);

/// For the timeline: each request starts once and ends once.
struct RequestEvent {
  enum class Kind { started, ended };
  Kind kind = Kind::started;
  const Request& request;  ///< valid during the call
  int status = 0;
  std::uint64_t file_size = 0;   ///< of the whole file; 0: the body is none
  std::uint64_t offset = 0;      ///< first byte of a range
  std::uint64_t body_bytes = 0;  ///< what the response promised; 0 for HEAD, 304 and streams
  std::uint64_t bytes_sent = 0;  ///< of the body
  Duration duration{};           ///< from the request's last byte
  Outcome outcome = Outcome::complete;
};

struct ServerOptions {
  std::string name = "boot";  ///< label of this server's metrics
  Limits limits;
  std::function<void(const RequestEvent&)> on_event;  ///< may be empty
};

class Server {
 public:
  Server(net::Reactor& reactor, Metrics& metrics, Handler handler, ServerOptions options);
  ~Server();  ///< closes every connection
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and listens now, accepts as soon as the reactor runs. Port 0 takes a free one.
  Endpoint listen(Endpoint endpoint, bool reuse_port = false);
  /// Mode 0660; a socket file left behind by a dead process is replaced, a live one is an error.
  /// The file is removed when the server ends.
  void listen_unix(const std::string& path);

  /// Accepts nothing more, lets running responses end until `grace` is over, then calls `done` once.
  void stop(std::chrono::milliseconds grace, std::function<void()> done);

  std::size_t connections() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace slipway::http
