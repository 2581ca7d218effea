// SPDX-License-Identifier: MPL-2.0
// poll(2): what is wanted is a table of ours, and a change of it costs no system call.
#include "net/poller.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <vector>

#include <poll.h>

namespace slipway::net {
namespace {

short to_poll(unsigned wanted) {
  return static_cast<short>((wanted & Poller::reading ? POLLIN : 0) |
                            (wanted & Poller::writing ? POLLOUT : 0));
}

unsigned from_poll(short events) {
  return (events & POLLIN ? Poller::reading : 0u) | (events & POLLOUT ? Poller::writing : 0u) |
         (events & (POLLERR | POLLHUP | POLLNVAL) ? Poller::trouble : 0u);
}

/// Rounded up: a timer that is due in half a millisecond must not make us turn in circles until then.
int milliseconds(std::optional<Duration> longest) {
  if (!longest) return -1;
  auto whole = std::chrono::ceil<std::chrono::milliseconds>(*longest).count();
  return static_cast<int>(std::min<std::int64_t>(whole, std::numeric_limits<int>::max()));
}

}  // namespace

struct Poller::Body {
  std::vector<pollfd> wanted;
  std::vector<void*> owners;  // of the same place in `wanted`
  std::unordered_map<int, std::size_t> places;
  std::vector<Ready> ready;
};

Poller::Poller() : body_(std::make_unique<Body>()) {}
Poller::~Poller() = default;

void Poller::change(int fd, unsigned before, unsigned wanted, void* owner) {
  if (fd < 0) return;
  auto& [all, owners, places, ready] = *body_;
  if (before == 0) {
    places[fd] = all.size();
    all.push_back({fd, to_poll(wanted), 0});
    owners.push_back(owner);
    return;
  }
  std::size_t place = places.at(fd);
  if (wanted != 0) {
    all[place].events = to_poll(wanted);
    return;
  }
  places[all.back().fd] = place;  // the last one takes its place
  places.erase(fd);
  all[place] = all.back();
  owners[place] = owners.back();
  all.pop_back();
  owners.pop_back();
}

std::span<const Poller::Ready> Poller::wait(std::optional<Duration> longest) {
  auto& [all, owners, places, ready] = *body_;
  ready.clear();
  int count = ::poll(all.data(), static_cast<nfds_t>(all.size()), milliseconds(longest));
  for (std::size_t i = 0; i < all.size() && count > 0; ++i) {
    if (all[i].revents == 0) continue;
    ready.push_back({owners[i], from_poll(all[i].revents)});
    --count;
  }
  return ready;
}

}  // namespace slipway::net
