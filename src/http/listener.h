// SPDX-License-Identifier: MPL-2.0
// A listening socket, TCP or unix, and the connections that arrive at it. Private to http/.
// Made at start-up: failures throw StartupError with the remedy.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/address.h"
#include "base/unique_fd.h"
#include "http/message.h"
#include "net/reactor.h"

namespace slipway::http {

struct Accepted {
  UniqueFd socket;  ///< non-blocking
  Peer peer;
  Endpoint local;       ///< any() for unix sockets
  bool secure = false;  ///< TLS comes first
};

class Listener {
 public:
  using OnAccept = std::function<void(Accepted)>;

  using OnPause = std::function<void()>;  ///< nothing more is accepted until `resume`

  static std::unique_ptr<Listener> tcp(net::Reactor& reactor, Endpoint endpoint, bool reuse_port, OnAccept,
                                       OnPause);
  static std::unique_ptr<Listener> unix_socket(net::Reactor& reactor, const std::string& path, OnAccept,
                                               OnPause);
  ~Listener();

  Endpoint endpoint() const { return endpoint_; }
  /// Out of descriptors: accepts nothing until `resume`.
  bool paused() const { return paused_; }
  void resume();

 private:
  Listener(net::Reactor& reactor, UniqueFd socket, OnAccept on_accept, OnPause on_pause);
  void accept_waiting();

  UniqueFd socket_;
  OnAccept on_accept_;
  OnPause on_pause_;
  Endpoint endpoint_;
  std::string path_;  ///< of the unix socket; empty for TCP
  bool paused_ = false;
  net::Watch watch_;  // after socket_: goes first
};

}  // namespace slipway::http
