// SPDX-License-Identifier: MPL-2.0
// What one transfer may send where its subnet has a bandwidth: packets are asked for before they leave, and
// an OACK, which waits for nobody, is paid for by those who come after it. A transfer that waited gets a
// whole piece, be it one block at a time: in lock step it would else stand in line for each. On the reactor's
// thread.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "base/time.h"
#include "net/pacer.h"
#include "tftp/transfer.h"

namespace slipway::server {

class TftpPace {
 public:
  TftpPace() = default;  ///< no limit
  TftpPace(net::Pacer& pacer, Ipv4 client) : pacer_(&pacer), bandwidth_(pacer.limit_of(client)) {}

  /// The most bytes of content to ask for at once.
  std::size_t portion(std::size_t wished) const;
  /// Whether these may leave now, and pays for them. `left`: bytes of content that are not acknowledged yet.
  bool take(std::span<const tftp::Packet> packets, std::uint64_t left, Tick now);
  /// Those were paid for, and stayed.
  void give_back(std::span<const tftp::Packet> packets, Tick now);
  /// After `take` refused them. `go_on` is not called once this is gone.
  void wait(std::span<const tftp::Packet> packets, std::uint64_t left, std::function<void()> go_on);

 private:
  net::Pacer::Need need(std::uint64_t bytes, std::uint64_t left) const;

  net::Pacer* pacer_ = nullptr;
  std::shared_ptr<Bandwidth> bandwidth_;  // null: no limit
  std::uint64_t credit_ = 0;              // bytes of the piece we waited for that are not sent yet
  std::shared_ptr<bool> alive_;           // while something waits
};

}  // namespace slipway::server
