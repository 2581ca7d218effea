// SPDX-License-Identifier: MPL-2.0
// Walks clients through exchanges, some under way at once, and judges every answer. It decides when a
// client speaks, repeats itself or gives up; the wire, the messages and the clients are others' affair.
// One thread. A server that dies is no error: the load ends and the tally says how far it came.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "messages.h"
#include "population.h"
#include "tally.h"
#include "wire_end.h"

namespace slipway::bench {

struct Order {
  bool renew = false;           ///< REQUEST with ciaddr to ACK, else DISCOVER to ACK
  std::uint64_t exchanges = 0;  ///< over all clients, in turn
  std::uint32_t window = 64;    ///< under way at once
  Nanoseconds patience = 0;     ///< before a message is said again; 0: never, what is lost is lost
  bool back_off = false;        ///< patience doubles with every try, and varies (RFC 2131 §4.1)
  unsigned tries = 4;           ///< of one message before the client gives up
  Nanoseconds limit = 0;        ///< of the whole load
  Nanoseconds silence = 0;      ///< ends the load when nothing was heard or said for so long
  bool busy = false;            ///< never sleep
};

class Load {
 public:
  Load(const Order& order, Population& clients, const Messages& messages, WireEnd& wire);
  Tally run();

 private:
  void start_more();
  void listen();
  void take(const Heard& heard);
  void take_offer(Client& client, std::uint32_t number, const Heard& heard);
  void take_ack(Client& client, std::uint32_t number, const Heard& heard);
  void take_nak(Client& client, std::uint32_t number);
  void look_at_clock();
  void lose_patience(std::uint32_t number);
  void say(std::uint32_t number);
  Nanoseconds patience_of(const Client& client);
  void end(std::uint32_t number);
  bool over() const;

  Order order_;
  Population& clients_;
  const Messages& messages_;
  WireEnd& wire_;
  Tally tally_;
  std::vector<std::uint32_t> under_way_;
  SeededRandom random_{1};
  std::uint64_t step_ = 1;  ///< from one exchange's client to the next one's
  Nanoseconds now_ = 0, begun_ = 0, last_word_ = 0, last_ack_ = 0, looked_ = 0;
};

}  // namespace slipway::bench
