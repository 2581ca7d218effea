// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_turns.h"

#include <gtest/gtest.h>

namespace slipway::server {
namespace {

struct Taker final : TftpTurns::Taker {
  Taker(TftpTurns& all, char letter, int portions, std::string& log)
      : turns(all), name(letter), left(portions), order(log) {}
  void take_turn() override {
    order += name;
    if (--left > 0) turns.wait(*this);
  }

  TftpTurns& turns;
  char name;
  int left;
  std::string& order;
};

void run(net::Reactor& reactor) {
  while (reactor.turn(std::chrono::milliseconds(1))) {
  }
}

TEST(TftpTurns, GiveEachAPortionInTheOrderTheyCame) {
  net::Reactor reactor;
  TftpTurns turns(reactor);
  std::string order;
  Taker a(turns, 'a', 3, order), b(turns, 'b', 2, order), c(turns, 'c', 1, order);
  for (Taker* taker : {&a, &b, &c}) turns.wait(*taker);
  run(reactor);
  EXPECT_EQ(order, "abcaba");
}

TEST(TftpTurns, LetWhatComesInGoBeforeTheManyThatWait) {
  net::Reactor reactor;
  TftpTurns turns(reactor);
  std::string order;
  Taker big(turns, '.', 1000, order);
  turns.wait(big);
  reactor.post([&] { order += "request"; });
  run(reactor);
  EXPECT_LE(order.find("request"), 8u);
  EXPECT_EQ(order.size(), 1007u);
}

TEST(TftpTurns, ForgetWhoLeaves) {
  net::Reactor reactor;
  TftpTurns turns(reactor);
  std::string order;
  Taker a(turns, 'a', 1, order), b(turns, 'b', 1, order);
  turns.wait(a);
  turns.wait(b);
  turns.forget(a);
  run(reactor);
  EXPECT_EQ(order, "b");
}

TEST(TftpTurns, EndWithTheirService) {
  net::Reactor reactor;
  std::string order;
  {
    TftpTurns turns(reactor);
    Taker a(turns, 'a', 1, order);
    turns.wait(a);
  }
  run(reactor);
  EXPECT_EQ(order, "");
}

}  // namespace
}  // namespace slipway::server
