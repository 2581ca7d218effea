// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_pace.h"

#include <algorithm>
#include <utility>

namespace slipway::server {
namespace {

/// As HTTP counts: what is in the packets, not the heads around them.
std::uint64_t bytes_of(std::span<const tftp::Packet> packets) {
  std::uint64_t bytes = 0;
  for (const tftp::Packet& packet : packets)
    bytes += packet.header_size == 0 ? packet.oack.size() : packet.header_size + packet.length;
  return bytes;
}

}  // namespace

std::size_t TftpPace::portion(std::size_t wished) const {
  return bandwidth_ ? std::min<std::size_t>(wished, net::Pacer::piece) : wished;
}

bool TftpPace::take(std::span<const tftp::Packet> packets, std::uint64_t left, Tick now) {
  if (!bandwidth_) return true;
  std::uint64_t bytes = bytes_of(packets);
  if (packets.front().header_size == 0) {
    bandwidth_->charge(static_cast<std::int64_t>(bytes), now);
    return true;
  }
  if (!pacer_->take(bandwidth_, need(bytes, left))) return false;
  credit_ -= std::min(credit_, bytes);
  return true;
}

void TftpPace::give_back(std::span<const tftp::Packet> packets, Tick now) {
  if (bandwidth_) bandwidth_->charge(-static_cast<std::int64_t>(bytes_of(packets)), now);
}

void TftpPace::wait(std::span<const tftp::Packet> packets, std::uint64_t left, std::function<void()> go_on) {
  alive_ = std::make_shared<bool>(true);
  bool for_a_piece = credit_ == 0;
  pacer_->wait_for(bandwidth_, need(bytes_of(packets), left),
                   [this, for_a_piece, alive = std::weak_ptr(alive_), go_on = std::move(go_on)] {
                     if (alive.expired()) return;
                     if (for_a_piece) credit_ = net::Pacer::piece;
                     go_on();
                   });
}

/// Whoever has credit is like one that has little left: before all who wait for a piece.
net::Pacer::Need TftpPace::need(std::uint64_t bytes, std::uint64_t left) const {
  return {credit_ > 0 ? bytes : left, bytes};
}

}  // namespace slipway::server
