// SPDX-License-Identifier: MPL-2.0
// For tests: a Transfer and an honest RFC 7440 client with a cruel link between them, in virtual time.
// The link loses, doubles, delays and reorders by a seed; the same seed gives the same run.
#pragma once

#include <functional>
#include <memory>
#include <queue>
#include <tuple>
#include <vector>

#include "base/random.h"
#include "tftp/transfer.h"

namespace slipway::tftp {

struct Link {
  double loss = 0;
  double duplication = 0;
  double reordering = 0;  ///< share of the packets that take up to four times as long
  Duration delay = std::chrono::microseconds(200);
  std::uint64_t seed = 1;
};

struct Report {
  std::optional<Outcome> outcome;
  std::uint64_t data_packets = 0;
  std::uint64_t bytes = 0;  ///< that the client took in order
  bool intact = true;       ///< every slice was the one expected
  bool client_done = false;
  Tick end;
};

class Simulation {
 public:
  Simulation(ByteView content, const Terms& terms, const Link& link, const Patience& patience = {})
      : content_(content),
        terms_(terms),
        link_(link),
        random_(link.seed),
        server_(content.size(), terms, now_, patience),
        expected_(terms.granted.empty() ? 1 : 0),
        acked_(expected_ - 1) {}

  Transfer& server() { return server_; }
  Tick now() const { return now_; }

  /// Called with each packet before the link; false loses it.
  std::function<bool(bool to_client, const Packet&)> filter;
  bool double_acks = false;
  std::uint16_t double_block = 0;    ///< the network doubles this block, once
  std::uint64_t pause_at_block = 0;  ///< the client hears nothing for 15 ms behind this block, once

  /// What the client received, in order.
  std::function<void(ByteView)> sink;

  Report run(Duration limit = std::chrono::hours(24)) {
    pump();
    Tick stop = now_ + limit;
    while (!server_.outcome() && step(stop)) pump();
    report_.outcome = server_.outcome();
    report_.end = now_;
    return report_;
  }

 private:
  struct Flight {
    Tick at;
    std::uint64_t order;
    bool to_client;
    Packet packet;
    bool operator>(const Flight& other) const {
      return std::tie(at, order) > std::tie(other.at, other.order);
    }
  };

  bool step(Tick stop) {
    Tick next = std::min(server_.deadline(), client_deadline_);
    if (!wire_.empty()) next = std::min(next, wire_.top().at);
    if (next > stop) return false;
    now_ = std::max(now_, next);
    if (!wire_.empty() && wire_.top().at <= now_) {
      Flight flight = wire_.top();
      wire_.pop();
      if (flight.to_client && now_ < deaf_until_) {
        flight.at = deaf_until_;
        wire_.push(flight);
        return true;
      }
      flight.to_client ? client_receive(flight.packet) : server_receive(flight.packet);
      return true;
    }
    if (client_deadline_ <= now_) send_ack();
    if (server_.deadline() <= now_) server_.tick(now_);
    return true;
  }

  void pump() {
    std::array<Packet, 16> packets;
    while (std::size_t count = server_.pending(packets)) {
      for (std::size_t i = 0; i < count; ++i) put(true, packets[i]);
      server_.sent(count, now_);
    }
  }

  bool chance(double share) { return static_cast<double>(random_.below(1'000'000)) < share * 1e6; }

  void put(bool to_client, const Packet& packet) {
    if (to_client && packet.header_size) ++report_.data_packets;
    if (filter && !filter(to_client, packet)) return;
    int copies = chance(link_.duplication) || (double_acks && !to_client) ? 2 : 1;
    if (double_block && to_client && number_of(packet) == double_block) {
      copies = 2;
      double_block = 0;
    }
    for (; copies > 0; --copies) {
      if (chance(link_.loss)) continue;
      Duration delay = link_.delay;
      if (chance(link_.reordering)) delay += Duration(random_.below(3 * link_.delay.count() + 1));
      wire_.push({now_ + delay, order_++, to_client, packet});
    }
  }

  static std::uint16_t number_of(const Packet& packet) {
    return static_cast<std::uint16_t>(packet.header[2] << 8 | packet.header[3]);
  }

  void server_receive(const Packet& packet) { server_.receive(wire::TftpAck{number_of(packet)}, now_); }

  void client_receive(const Packet& packet) {
    std::uint64_t block = 0;
    if (packet.header_size) {
      auto ahead = static_cast<std::int16_t>(number_of(packet) - static_cast<std::uint16_t>(expected_));
      block = expected_ + static_cast<std::uint64_t>(std::int64_t{ahead});
    }
    if (block != expected_) return send_ack();  // old: the ACK was lost; new: a gap
    if (block > 0) take(packet);
    if (block > 0 && block == pause_at_block) deaf_until_ = now_ + std::chrono::milliseconds(15);
    ++expected_;
    bool full = block == 0 || expected_ - 1 - acked_ >= terms_.window;
    client_deadline_ = now_ + client_patience;
    if (full || report_.client_done) send_ack();
  }

  void take(const Packet& packet) {
    std::uint64_t rest = content_.size() - report_.bytes;
    report_.intact = report_.intact && packet.offset == report_.bytes &&
                     packet.length == std::min<std::uint64_t>(rest, terms_.block_size);
    if (sink) sink(content_.subspan(packet.offset, packet.length));
    report_.bytes += packet.length;
    if (packet.length < terms_.block_size) report_.client_done = true;
  }

  void send_ack() {
    client_deadline_ = now_ + client_patience;
    if (expected_ == 0) return;  // nothing received yet
    acked_ = expected_ - 1;
    put(false, {{0, 4, static_cast<std::uint8_t>(acked_ >> 8), static_cast<std::uint8_t>(acked_)}, 4});
  }

  static constexpr Duration client_patience = std::chrono::seconds(1);

  ByteView content_;
  Terms terms_;
  Link link_;
  SeededRandom random_;
  Tick now_{std::chrono::seconds(1000)};
  Transfer server_;
  std::uint64_t expected_, acked_;
  Tick deaf_until_{};
  Tick client_deadline_ = now_ + client_patience;
  std::priority_queue<Flight, std::vector<Flight>, std::greater<>> wire_;
  std::uint64_t order_ = 0;
  Report report_;
};

}  // namespace slipway::tftp
