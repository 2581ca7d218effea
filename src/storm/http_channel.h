// SPDX-License-Identifier: MPL-2.0
// A machine's HTTP client: one connection, kept for as many files as the server lets it, from the machine's
// address, with a receive window as iPXE's. Content that nobody reads is thrown away by the kernel. A kept
// connection that the server has ended is opened once more, as clients do. Reactor's thread; what fails is
// the end of the fetch.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "net/reactor.h"
#include "walk/fetch.h"
#include "walk/http_reply.h"

namespace slipway::storm {

class HttpChannel {
 public:
  using OnEnd = std::function<void(const walk::FetchEnd&)>;
  HttpChannel(net::Reactor& reactor, std::string agent, Ipv4 source, std::uint64_t& total);

  /// One at a time. `on_end` may start the next, and may not destroy this.
  void fetch(const walk::Fetch& fetch, OnEnd on_end);
  void close();

 private:
  void open();
  void ask();
  void connected();
  void receive();
  bool read_some();
  void reply_ended();
  void hung_up();
  void finish(bool ok, std::string why);
  void wait();

  net::Reactor& reactor_;
  std::string agent_;
  Ipv4 source_;
  std::uint64_t& total_;
  UniqueFd socket_;
  net::Watch watch_;
  net::Timer timer_;
  walk::Url url_;  ///< of the open connection
  walk::Fetch fetch_;
  walk::HttpReply reply_;
  OnEnd on_end_;
  bool connecting_ = false, head_ = false, kept_ = false;
  std::uint64_t again_ = 0;
  std::uint64_t counted_ = 0;
};

}  // namespace slipway::storm
