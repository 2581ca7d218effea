// SPDX-License-Identifier: MPL-2.0
// One TFTP download on a socket of its own, from the machine's address. The protocol is
// walk/tftp_download.h's; here are its socket and its timer. Reactor's thread; what fails is the download's
// end.
#pragma once

#include <functional>

#include "net/reactor.h"
#include "net/udp_socket.h"
#include "storm/troubles.h"
#include "walk/tftp_download.h"

namespace slipway::storm {

class TftpFetch {
 public:
  using OnEnd = std::function<void(const walk::FetchEnd&)>;
  /// `buffer` is shared by all; `total` counts content as it arrives. `on_end` may destroy this.
  TftpFetch(net::Reactor& reactor, net::DatagramBuffer& buffer, const walk::Fetch& fetch, Ipv4 source,
            std::uint64_t& total, Troubles& troubles, OnEnd on_end);

 private:
  void receive();
  void send();
  void go_on();

  net::Reactor& reactor_;
  net::DatagramBuffer& buffer_;
  std::uint64_t& total_;
  Troubles& troubles_;
  std::uint64_t counted_ = 0;
  OnEnd on_end_;
  walk::TftpDownload download_;
  net::UdpSocket socket_;
  net::Timer timer_;
  net::Watch watch_;  // after socket_
};

}  // namespace slipway::storm
