// SPDX-License-Identifier: MPL-2.0
#include "net/reactor.h"

#include <atomic>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/mailbox.h"

namespace slipway::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Pair {
  UniqueFd ours, theirs;
  Pair() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    ours.reset(fds[0]);
    theirs.reset(fds[1]);
  }
  void say(const char* text) { EXPECT_EQ(::write(theirs.get(), text, 1), 1); }
  int hear() {
    char byte;
    return static_cast<int>(::read(ours.get(), &byte, 1));
  }
};

void turns(Reactor& reactor, int count = 10) {
  for (int i = 0; i < count && reactor.turn(milliseconds(20)); ++i) {
  }
}

TEST(Watch, CallsBackAsLongAsThereIsSomethingToRead) {
  Reactor reactor;
  Pair pair;
  int calls = 0;
  Watch watch(reactor, pair.ours.get(), [&] {
    ++calls;
    pair.hear();  // one byte of two: level triggered
  });
  pair.say("a");
  pair.say("b");
  turns(reactor);
  EXPECT_EQ(calls, 2);
  pair.say("c");
  turns(reactor);
  EXPECT_EQ(calls, 3);
}

TEST(Watch, IsSilentWhileReadingIsNotWanted) {
  Reactor reactor;
  Pair pair;
  int calls = 0;
  Watch watch(reactor, pair.ours.get(), [&] { ++calls, pair.hear(); });
  watch.want_read(false);
  pair.say("a");
  turns(reactor);
  EXPECT_EQ(calls, 0);
  watch.want_read(true);
  turns(reactor);
  EXPECT_EQ(calls, 1);
}

TEST(Watch, TellsWhenWritingIsPossibleOnlyIfWanted) {
  Reactor reactor;
  Pair pair;
  int writable = 0;
  Watch watch(
      reactor, pair.ours.get(), [] {},
      [&] {
        ++writable;
        watch.want_write(false);
      });
  turns(reactor);
  EXPECT_EQ(writable, 0);
  watch.want_write(true);
  turns(reactor);
  EXPECT_EQ(writable, 1);
}

TEST(Watch, ComesBehindTheOthersOfATurnWhereItIsSaid) {
  Reactor reactor;
  Pair first, second;
  std::string order;
  Watch requests(reactor, first.ours.get(), [&] { order += "request ", first.hear(); });
  requests.behind_others();
  Watch session(reactor, second.ours.get(), [&] { order += "session ", second.hear(); });
  first.say("a");
  second.say("b");
  turns(reactor);
  EXPECT_EQ(order, "session request ");
}

TEST(Watch, MayBeDestroyedInItsOwnCallback) {
  Reactor reactor;
  Pair pair;
  auto watch = std::make_unique<Watch>();
  int calls = 0;
  *watch = Watch(reactor, pair.ours.get(), [&] {
    ++calls;
    watch.reset();
  });
  pair.say("a");
  turns(reactor);
  EXPECT_EQ(calls, 1);
}

TEST(Watch, LeavesTheDescriptorOpen) {
  Reactor reactor;
  Pair pair;
  {
    Watch watch(reactor, pair.ours.get(), [] {});
  }
  turns(reactor);
  EXPECT_GE(::fcntl(pair.ours.get(), F_GETFD), 0);
  Watch again(reactor, pair.ours.get(), [] {});
  EXPECT_TRUE(again);
}

TEST(Watch, TellsOfAHangUp) {
  Reactor reactor;
  Pair pair;
  int got = -1;
  Watch watch(reactor, pair.ours.get(), [&] {
    got = pair.hear();
    watch.reset();
  });
  pair.theirs.reset();
  turns(reactor);
  EXPECT_EQ(got, 0);
}

TEST(Watch, DrainsAMailboxFromAnotherThread) {
  Reactor reactor;
  Mailbox<int> mailbox(100);
  int sum = 0;
  Watch watch(reactor, mailbox.fd(), [&] {
    for (int value : mailbox.drain()) sum += value;
    if (sum == 55) reactor.stop();
  });
  std::thread other([&] {
    for (int i = 1; i <= 10; ++i) EXPECT_TRUE(mailbox.post(i));
  });
  reactor.run();
  other.join();
  EXPECT_EQ(sum, 55);
}

TEST(Timer, FiresOnceNotBeforeItsTime) {
  Reactor reactor;
  int fired = 0;
  Timer timer(reactor, [&] { ++fired; });
  Tick before = reactor.now().tick;
  timer.after(milliseconds(30));
  EXPECT_TRUE(timer.armed());
  while (fired == 0) reactor.turn(seconds(5));
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(30));
  EXPECT_FALSE(timer.armed());
  turns(reactor, 3);
  EXPECT_EQ(fired, 1);
}

TEST(Timer, FollowsItsLatestTimeEarlierOrLater) {
  Reactor reactor;
  std::vector<int> order;
  Timer early(reactor, [&] { order.push_back(1); });
  Timer late(reactor, [&] { order.push_back(2); });
  early.after(seconds(100));
  early.after(milliseconds(20));
  late.after(milliseconds(1));
  late.after(milliseconds(60));
  Tick stop = reactor.now().tick + seconds(10);
  while (order.size() < 2 && std::chrono::steady_clock::now() < stop) reactor.turn(seconds(1));
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(Timer, DoesNotFireWhenCancelledOrDestroyed) {
  Reactor reactor;
  int fired = 0;
  Timer cancelled(reactor, [&] { ++fired; });
  cancelled.after(milliseconds(5));
  cancelled.cancel();
  {
    Timer destroyed(reactor, [&] { ++fired; });
    destroyed.after(milliseconds(5));
  }
  for (int i = 0; i < 5; ++i) reactor.turn(milliseconds(10));
  EXPECT_EQ(fired, 0);
}

TEST(Timer, MayBeDestroyedOrSetAgainInItsOwnCallback) {
  Reactor reactor;
  int fired = 0;
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(reactor, [&] {
    if (++fired < 3) return timer->after(milliseconds(1));
    timer.reset();
  });
  timer->after(milliseconds(1));
  while (timer) reactor.turn(seconds(5));
  EXPECT_EQ(fired, 3);
}

TEST(Reactor, StopsBeforeItRunsAndMayRunAgain) {
  Reactor reactor;
  reactor.stop();
  reactor.run();
  int done = 0;
  reactor.post([&] {
    ++done;
    reactor.stop();
  });
  reactor.run();
  EXPECT_EQ(done, 1);
}

TEST(Reactor, RunsPostedWorkOnItsOwnThread) {
  Reactor reactor;
  std::thread::id ran_on;
  std::thread loop([&] { reactor.run(); });
  reactor.post([&] {
    ran_on = std::this_thread::get_id();
    reactor.stop();
  });
  std::thread::id loop_id = loop.get_id();
  loop.join();
  EXPECT_EQ(ran_on, loop_id);
}

TEST(Reactor, FreezesNowForOneHandler) {
  Reactor reactor;
  Tick first, again, next;
  reactor.post([&] {
    first = reactor.now().tick;
    std::this_thread::sleep_for(milliseconds(2));
    again = reactor.now().tick;
  });
  reactor.post([&] { next = reactor.now().tick; });
  turns(reactor, 2);
  EXPECT_EQ(first, again);
  EXPECT_GE(next - first, milliseconds(2));
}

TEST(Reactor, HandlesEveryArrivalOfASignal) {
  Reactor reactor;
  int arrivals = 0;
  reactor.on_signal(SIGUSR1, [&] { ++arrivals; });
  for (int i = 1; i <= 2; ++i) {
    std::raise(SIGUSR1);
    Tick stop = reactor.now().tick + seconds(5);
    while (arrivals < i && std::chrono::steady_clock::now() < stop) reactor.turn(milliseconds(50));
    EXPECT_EQ(arrivals, i);
  }
}

}  // namespace
}  // namespace slipway::net
