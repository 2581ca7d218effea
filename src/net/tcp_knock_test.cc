// SPDX-License-Identifier: MPL-2.0
#include "net/tcp_knock.h"

#include <optional>

#include <gtest/gtest.h>

#include "net/sockaddr.h"

namespace slipway::net {
namespace {

using namespace std::chrono_literals;

/// A port of this machine; listening, or bound and deaf.
struct Port {
  explicit Port(bool listens) : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = to_sockaddr({{0x7f000001}, 0});
    ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    if (listens) ::listen(fd.get(), 1);
  }
  Endpoint at() const { return local_endpoint(fd.get()); }
  UniqueFd fd;
};

bool answers(Endpoint to, Duration patience = 5s) {
  Reactor reactor;
  std::optional<bool> answered;
  TcpKnock knock(reactor, to, patience, [&](bool yes) { answered = yes; });
  EXPECT_FALSE(answered) << "called back from the constructor";
  for (int turns = 0; !answered && turns < 100; ++turns) reactor.turn(1s);
  EXPECT_TRUE(answered.has_value());
  return answered.value_or(false);
}

TEST(TcpKnock, IsAnsweredByAPortThatListens) {
  Port port(true);
  EXPECT_TRUE(answers(port.at()));
}

TEST(TcpKnock, IsNotAnsweredByAPortThatIsClosed) {
  Port port(false);
  EXPECT_FALSE(answers(port.at()));
}

TEST(TcpKnock, WaitsNoLongerThanItIsTold) {
  // A queue of none that is full: the kernel answers no further SYN.
  Port port(true);
  ::listen(port.fd.get(), 0);
  std::vector<UniqueFd> queue;
  for (int i = 0; i < 4; ++i) {
    sockaddr_in address = to_sockaddr(port.at());
    queue.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::connect(queue.back().get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  EXPECT_FALSE(answers(port.at(), 50ms));
}

TEST(TcpKnock, MayBeDestroyedByItsOwnCallback) {
  Port port(true);
  Reactor reactor;
  bool called = false;
  std::unique_ptr<TcpKnock> knock;
  knock = std::make_unique<TcpKnock>(reactor, port.at(), 5s, [&](bool) {
    called = true;
    knock.reset();
  });
  for (int turns = 0; !called && turns < 100; ++turns) reactor.turn(1s);
  EXPECT_TRUE(called);
}

}  // namespace
}  // namespace slipway::net
