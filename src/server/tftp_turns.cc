// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_turns.h"

#include <algorithm>
#include <utility>

namespace slipway::server {
namespace {
constexpr std::size_t turns_at_once = 8;  // about a megabyte between two looks at what came in
}

void TftpTurns::wait(Taker& taker) {
  waiting_.push_back(&taker);
  call_later();
}

void TftpTurns::forget(Taker& taker) {
  std::erase(waiting_, &taker);
}

void TftpTurns::call_later() {
  if (std::exchange(called_, true)) return;
  reactor_.post([weak = std::weak_ptr(self_)] {
    if (auto self = weak.lock()) (*self)->run();
  });
}

void TftpTurns::run() {
  called_ = false;
  for (std::size_t i = std::min(turns_at_once, waiting_.size()); i > 0 && !waiting_.empty(); --i) {
    Taker* next = waiting_.front();
    waiting_.pop_front();
    next->take_turn();
  }
  if (!waiting_.empty()) call_later();
}

}  // namespace slipway::server
