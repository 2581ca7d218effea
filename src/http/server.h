// SPDX-License-Identifier: MPL-2.0
// An HTTP/1.1 server on one reactor thread (RFC 9110, RFC 9112): listens on TCP addresses and unix
// sockets, parses, calls one handler, sends. Decides nothing about what is served.
// Several servers on several threads share nothing (the system spreads the connections, net/abilities.h).
// Fails: `listen` throws StartupError with the remedy; strangers' faults are answered, counted, closed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/address.h"
#include "base/metrics.h"
#include "http/limits.h"
#include "http/message.h"
#include "http/request_event.h"
#include "http/router.h"
#include "http/tls_context.h"

namespace slipway::net {
class Pacer;
class Reactor;
}  // namespace slipway::net

namespace slipway::http {

struct ServerOptions {
  std::string name = "boot";  ///< label of this server's metrics
  Limits limits;
  std::function<void(const RequestEvent&)> on_event;  ///< may be empty
  net::Pacer* pacer = nullptr;  ///< knows the limits on what is sent, and outlives the server; null: none
  /// Looks at the head of a request whose body is still to come: an answer here ends it without the body. May
  /// be empty.
  std::function<std::optional<Response>(const Request&)> at_head;
  /// Where there is no room, connections that nobody trusted (Response::trusted) make it for new ones, those
  /// of the address with most of them first: strangers shut nobody out.
  bool strangers_make_room = false;
  /// For the log: what went wrong on our side, a handler that threw for example; that there is no room, now
  /// and then. May be empty.
  std::function<void(std::string_view)> on_fault;
  /// How the server says no before a handler is asked.
  RefusalMaker refuse = refusal;
};

class ServerCore;

class Server {
 public:
  /// Also has the process ignore SIGPIPE: sendfile knows no MSG_NOSIGNAL.
  Server(net::Reactor& reactor, Metrics& metrics, Handler handler, ServerOptions options);
  ~Server();  ///< closes every connection
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and listens now, accepts as soon as the reactor runs. Port 0 takes a free one.
  Endpoint listen(Endpoint endpoint, bool reuse_port = false);
  /// The same through TLS, as whoever `identify` named last.
  Endpoint listen_tls(Endpoint endpoint, bool reuse_port = false);
  /// From the next connection on. Those that are open keep what they began with.
  void identify(std::shared_ptr<const TlsContext> tls);
  /// Mode 0660; a socket file left behind by a dead process is replaced, a live one is an error.
  /// The file is removed when the server ends.
  void listen_unix(const std::string& path);

  /// Accepts nothing more, lets running responses end until `grace` is over, then calls `done` once.
  void stop(std::chrono::milliseconds grace, std::function<void()> done);

  std::size_t connections() const;

 private:
  std::unique_ptr<ServerCore> core_;
};

}  // namespace slipway::http
