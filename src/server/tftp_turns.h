// SPDX-License-Identifier: MPL-2.0
// Who sends next when many transfers of one loop have something to send. A transfer that has had its first
// half megabyte waits here for its turn, behind requests and ACKs that are in by then; loaders, scripts and
// lock step transfers, which have one block at a time, do not wait at all. So a small file overtakes big
// ones, and big ones go on in equal portions. One reactor's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>

#include "net/reactor.h"

namespace slipway::server {

class TftpTurns {
 public:
  class Taker {
   public:
    virtual void take_turn() = 0;

   protected:
    ~Taker() = default;
  };

  explicit TftpTurns(net::Reactor& reactor) : reactor_(reactor) {}
  TftpTurns(const TftpTurns&) = delete;
  TftpTurns& operator=(const TftpTurns&) = delete;

  void wait(Taker& taker);
  void forget(Taker& taker);

  static constexpr std::uint64_t free_start = 512 << 10;  ///< bytes of a transfer that wait for no turn
  static constexpr std::size_t portion = 128 << 10;       ///< bytes of one turn, at least one block

 private:
  void run();
  void call_later();

  net::Reactor& reactor_;
  std::deque<Taker*> waiting_;
  bool called_ = false;
  std::shared_ptr<TftpTurns*> self_ =
      std::make_shared<TftpTurns*>(this);  // posted work looks whether we live
};

}  // namespace slipway::server
