// SPDX-License-Identifier: MPL-2.0
#include "net/poller.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/epoll.h>

#include "base/result.h"
#include "base/unique_fd.h"

namespace slipway::net {
namespace {

constexpr std::size_t events_per_turn = 256;

[[noreturn]] void cannot(const char* what) {
  throw StartupError(std::string("cannot make ") + what + ": " + std::strerror(errno) +
                     "; raise the limit on open files");
}

std::uint32_t to_epoll(unsigned wanted) {
  return (wanted & Poller::reading ? EPOLLIN : 0u) | (wanted & Poller::writing ? EPOLLOUT : 0u);
}

unsigned from_epoll(std::uint32_t events) {
  return (events & EPOLLIN ? Poller::reading : 0u) | (events & EPOLLOUT ? Poller::writing : 0u) |
         (events & (EPOLLERR | EPOLLHUP) ? Poller::trouble : 0u);
}

}  // namespace

struct Poller::Body {
  UniqueFd epoll{::epoll_create1(EPOLL_CLOEXEC)};
  std::array<epoll_event, events_per_turn> events;
  std::array<Ready, events_per_turn> ready;
};

Poller::Poller() : body_(std::make_unique<Body>()) {
  if (!body_->epoll) cannot("an epoll descriptor");
}

Poller::~Poller() = default;

void Poller::change(int fd, unsigned before, unsigned wanted, void* owner) {
  if (fd < 0) return;
  epoll_event event{};
  event.events = to_epoll(wanted);
  event.data.ptr = owner;
  // Without interest the kernel would still report errors and hang-ups, again and again.
  int operation = before == 0 ? EPOLL_CTL_ADD : wanted == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  if (::epoll_ctl(body_->epoll.get(), operation, fd, &event) != 0 && operation == EPOLL_CTL_ADD)
    cannot("a watch of a descriptor");
}

std::span<const Poller::Ready> Poller::wait(std::optional<Duration> longest) {
  timespec limit{};
  if (longest) {
    limit.tv_sec = std::chrono::floor<std::chrono::seconds>(*longest).count();
    limit.tv_nsec = std::chrono::nanoseconds(*longest % std::chrono::seconds(1)).count();
  }
  auto& [epoll, events, ready] = *body_;
  int size = static_cast<int>(events.size());
  int count = ::epoll_pwait2(epoll.get(), events.data(), size, longest ? &limit : nullptr, nullptr);
  if (count < 0) return {};
  auto heard = static_cast<std::size_t>(count);
  for (std::size_t i = 0; i < heard; ++i) ready[i] = {events[i].data.ptr, from_epoll(events[i].events)};
  return {ready.data(), heard};
}

}  // namespace slipway::net
