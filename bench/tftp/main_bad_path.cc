// SPDX-License-Identifier: MPL-2.0
// bad_path: the wire between two network cards, as bad as it is told to be: it loses, doubles, delays and
// reorders frames by a seed. For tests and benchmarks; kernels without netem have nothing else. The cards
// behind it must send whole frames with checksums (no offload), and each must be the peer of one of ours.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <queue>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/random.h"
#include "base/unique_fd.h"

namespace {

using namespace slipway;
using Nanoseconds = std::int64_t;

constexpr std::size_t largest_frame = 2048;
constexpr std::size_t most_under_way = 65536;  // more is lost: a wire is no store

struct Wishes {
  std::string left, right;
  double loss = 0, duplicate = 0, reorder = 0;  // shares
  Nanoseconds delay = 0;                        // microseconds, one way
  std::uint64_t seed = 1;
};

struct Frame {
  Nanoseconds due = 0;
  std::uint64_t order = 0;
  int to = 0;
  Bytes bytes;
  bool operator<(const Frame& other) const {
    return due != other.due ? due > other.due : order > other.order;
  }
};

Nanoseconds clock_now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

UniqueFd open_card(const std::string& name) {
  UniqueFd fd(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL)));
  if (!fd) throw std::runtime_error("packet sockets need root");
  sockaddr_ll at{};
  at.sll_family = AF_PACKET;
  at.sll_protocol = htons(ETH_P_ALL);
  at.sll_ifindex = static_cast<int>(::if_nametoindex(name.c_str()));
  if (at.sll_ifindex == 0 || ::bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at) != 0)
    throw std::runtime_error("no card " + name);
  int on = 1, room = 64 << 20;
  ::setsockopt(fd.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  return fd;
}

class BadPath {
 public:
  explicit BadPath(const Wishes& wishes)
      : wishes_(wishes), cards_{open_card(wishes.left), open_card(wishes.right)}, random_(wishes.seed) {}

  [[noreturn]] void run() {
    for (;;) {
      wait();
      for (int card : {0, 1}) receive(card);
      deliver();
    }
  }

 private:
  bool chance(double share) {
    return share > 0 && static_cast<double>(random_.below(1'000'000)) < share * 1e6;
  }

  void wait() {
    pollfd ready[] = {{cards_[0].get(), POLLIN, 0}, {cards_[1].get(), POLLIN, 0}};
    timespec most{1, 0};
    if (!under_way_.empty()) {
      Nanoseconds left = std::max<Nanoseconds>(under_way_.top().due - clock_now(), 0);
      most = {left / 1'000'000'000, left % 1'000'000'000};
    }
    ::ppoll(ready, 2, &most, nullptr);
  }

  void receive(int card) {
    std::array<std::uint8_t, largest_frame> room;
    for (int i = 0; i < 64; ++i) {
      ssize_t got = ::recv(cards_[static_cast<std::size_t>(card)].get(), room.data(), room.size(), MSG_TRUNC);
      if (got <= 0 || static_cast<std::size_t>(got) > room.size()) return;
      take(1 - card, ByteView(room).first(static_cast<std::size_t>(got)));
    }
  }

  void take(int to, ByteView frame) {
    bool is_ip = frame.size() > 14 && frame[12] == 8 && frame[13] == 0;  // ARP is not what we test
    if (is_ip && chance(wishes_.loss)) return;
    for (int copies = is_ip && chance(wishes_.duplicate) ? 2 : 1; copies > 0; --copies) {
      Nanoseconds due = clock_now() + 1000 * wishes_.delay;
      // As much again, so that those behind it come first.
      if (is_ip && chance(wishes_.reorder)) due += 1000 * std::max<Nanoseconds>(wishes_.delay, 200);
      if (under_way_.size() < most_under_way)
        under_way_.push({due, order_++, to, Bytes(frame.begin(), frame.end())});
    }
  }

  void deliver() {
    Nanoseconds now = clock_now();
    while (!under_way_.empty() && under_way_.top().due <= now) {
      const Frame& frame = under_way_.top();
      // A card that takes no more has lost it, as a switch would have.
      [[maybe_unused]] ssize_t sent = ::send(cards_[static_cast<std::size_t>(frame.to)].get(),
                                             frame.bytes.data(), frame.bytes.size(), MSG_DONTWAIT);
      under_way_.pop();
    }
  }

  Wishes wishes_;
  std::array<UniqueFd, 2> cards_;
  SeededRandom random_;
  std::priority_queue<Frame> under_way_;
  std::uint64_t order_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  Wishes wishes;
  CLI::App app("A wire between two network cards that loses, doubles, delays and reorders frames.",
               "bad_path");
  app.add_option("left", wishes.left, "one card")->required();
  app.add_option("right", wishes.right, "the other")->required();
  app.add_option("--loss", wishes.loss, "share of the IPv4 packets that are lost, for example 0.01");
  app.add_option("--duplicate", wishes.duplicate, "share that comes twice");
  app.add_option("--reorder", wishes.reorder, "share that comes later than those behind it");
  app.add_option("--delay", wishes.delay, "microseconds, one way");
  app.add_option("--seed", wishes.seed, "the same seed, the same chances")->capture_default_str();
  CLI11_PARSE(app, count, arguments);
  try {
    BadPath(wishes).run();
  } catch (const std::exception& error) {
    std::cerr << "bad_path: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
