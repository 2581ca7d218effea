// SPDX-License-Identifier: MPL-2.0
#include "net/reactor.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/result.h"
#include "base/unique_fd.h"

namespace slipway::net {
namespace {

constexpr std::size_t events_per_turn = 256;

[[noreturn]] void cannot(const char* what) {
  throw StartupError(std::string("cannot make ") + what + ": " + std::strerror(errno) +
                     "; raise the limit on open files");
}

Tick tick_now() {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now());
}

}  // namespace

/// What the kernel tells us of one descriptor. Interest is lazy: what is no longer wanted is taken back only
/// when it is reported all the same, so that "wait, answer, wait again" costs no system call.
struct Watch::Body {
  Reactor::Body& reactor;
  int fd;
  std::function<void()> readable, writable;
  bool wants_read = false, wants_write = false;
  bool alive = true;
  bool last = false;             ///< of a turn
  std::uint32_t registered = 0;  ///< 0: the kernel does not know of it; else EPOLLIN and EPOLLOUT

  std::uint32_t wanted() const { return (wants_read ? EPOLLIN : 0u) | (wants_write ? EPOLLOUT : 0u); }
  void tell_kernel();
  void forget();
  bool ready(std::uint32_t events);
};

struct Timer::Body : std::enable_shared_from_this<Timer::Body> {
  Body(Reactor::Body& loop, std::function<void()> handler) : reactor(loop), fire(std::move(handler)) {}
  void at(Tick when);
  void leave();

  Reactor::Body& reactor;
  std::function<void()> fire;
  std::optional<Tick> deadline;       // when to fire; unset: never
  std::optional<Tick> waiting_until;  // when we look next: our place in the reactor's queue
};

struct Reactor::Body {
  UniqueFd epoll{::epoll_create1(EPOLL_CLOEXEC)};
  UniqueFd wake{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  UniqueFd signals;
  std::map<int, std::function<void()>> signal_handlers;
  std::unique_ptr<Watch> signal_watch, wake_watch;

  std::set<std::pair<Tick, Timer::Body*>> timers;
  std::vector<std::shared_ptr<Watch::Body>> dead;  ///< a report of this turn may still name them
  mutable std::optional<Now> now;                  // read once in a handler, on first use

  std::mutex mutex;  // guards the next two
  std::vector<std::function<void()>> posted;
  bool asleep = false;
  std::atomic<bool> stopped = false;

  template <typename Handler>
  void handle(Handler& handler) {
    now.reset();
    handler();
    now.reset();
  }

  bool turn(std::optional<Duration> longest);
  int wait(std::array<epoll_event, events_per_turn>& events, std::optional<Duration> longest);
  bool fire_timers();
  bool run_posted();
  void rouse();
  void read_signals();
};

// --- descriptors -----------------------------------------------------------------------------------

void Watch::Body::tell_kernel() {
  std::uint32_t interest = wanted();
  if (interest == registered) return;
  epoll_event event{};
  event.events = interest;
  event.data.ptr = this;
  // Without interest the kernel would still report errors and hang-ups, again and again.
  int operation = registered == 0 ? EPOLL_CTL_ADD : interest == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  if (::epoll_ctl(reactor.epoll.get(), operation, fd, &event) != 0 && operation == EPOLL_CTL_ADD)
    cannot("a watch of a descriptor");
  registered = interest;
}

void Watch::Body::forget() {
  alive = wants_read = wants_write = false;
  tell_kernel();
}

/// Whether somebody was called.
bool Watch::Body::ready(std::uint32_t events) {
  constexpr std::uint32_t trouble = EPOLLERR | EPOLLHUP;
  bool called = false;
  if (wants_read && (events & (EPOLLIN | trouble)) != 0) {
    reactor.handle(readable);
    called = true;
  }
  if (alive && wants_write && (events & (EPOLLOUT | trouble)) != 0 && (events & EPOLLOUT || !called)) {
    reactor.handle(writable);
    called = true;
  }
  if (alive && !called) tell_kernel();
  return called;
}

Watch::Watch(Reactor& reactor, int fd, std::function<void()> readable, std::function<void()> writable)
    : body_(std::make_shared<Body>(Body{*reactor.body_, fd, std::move(readable), std::move(writable)})) {
  want_read(true);
}

Watch& Watch::operator=(Watch&& other) noexcept {
  if (this == &other) return *this;
  reset();
  body_ = std::move(other.body_);
  return *this;
}

void Watch::want_read(bool wanted) {
  assert(!wanted || body_->readable);
  body_->wants_read = wanted;
  if (wanted && (body_->registered & EPOLLIN) == 0) body_->tell_kernel();
}

void Watch::want_write(bool wanted) {
  assert(!wanted || body_->writable);
  body_->wants_write = wanted;
  if (wanted && (body_->registered & EPOLLOUT) == 0) body_->tell_kernel();
}

void Watch::behind_others() {
  body_->last = true;
}

void Watch::reset() {
  if (!body_) return;
  body_->forget();
  auto& dead = body_->reactor.dead;
  dead.push_back(std::move(body_));  // a callback may end its own Watch: the function it runs in stays
  body_.reset();
}

// --- timers ----------------------------------------------------------------------------------------

void Timer::Body::at(Tick when) {
  deadline = when;
  // A later deadline is looked at when the earlier one passes: no work per packet.
  if (waiting_until && *waiting_until <= when) return;
  leave();
  waiting_until = when;
  reactor.timers.emplace(when, this);
}

void Timer::Body::leave() {
  if (waiting_until) reactor.timers.erase({*waiting_until, this});
  waiting_until.reset();
}

Timer::Timer(Reactor& reactor, std::function<void()> fire)
    : body_(std::make_shared<Body>(*reactor.body_, std::move(fire))) {}

Timer::~Timer() {
  body_->deadline.reset();
  body_->leave();
}

void Timer::at(Tick when) {
  body_->at(when);
}

void Timer::after(Duration wait) {
  at(std::chrono::ceil<Duration>(std::chrono::steady_clock::now()) + wait);
}

void Timer::cancel() {
  body_->deadline.reset();
}

bool Timer::armed() const {
  return body_->deadline.has_value();
}

// --- the loop --------------------------------------------------------------------------------------

Reactor::Reactor() : body_(std::make_unique<Body>()) {
  if (!body_->epoll) cannot("an epoll descriptor");
  if (!body_->wake) cannot("an eventfd");
  body_->wake_watch = std::make_unique<Watch>(*this, body_->wake.get(), [body = body_.get()] {
    std::uint64_t count = 0;
    [[maybe_unused]] auto n = ::read(body->wake.get(), &count, sizeof count);
  });
}

Reactor::~Reactor() {
  body_->wake_watch.reset();
  body_->signal_watch.reset();
}

void Reactor::run() {
  while (!body_->stopped) body_->turn(std::nullopt);
  body_->stopped = false;
}

void Reactor::stop() {
  body_->stopped = true;
  body_->rouse();
}

bool Reactor::turn(Duration longest) {
  bool handled = !body_->stopped && body_->turn(longest);
  body_->stopped = false;
  return handled;
}

Now Reactor::now() const {
  using std::chrono::floor;
  if (!body_->now) body_->now = Now{floor<Duration>(std::chrono::system_clock::now()), tick_now()};
  return *body_->now;
}

void Reactor::post(std::function<void()> work) {
  std::unique_lock lock(body_->mutex);
  body_->posted.push_back(std::move(work));
  bool asleep = std::exchange(body_->asleep, false);
  lock.unlock();
  if (asleep) body_->rouse();
}

void Reactor::Body::rouse() {
  std::uint64_t one = 1;
  [[maybe_unused]] auto n = ::write(wake.get(), &one, sizeof one);
}

/// One look at everything: descriptors, timers, posted work. True when a handler ran.
bool Reactor::Body::turn(std::optional<Duration> longest) {
  dead.clear();
  std::array<epoll_event, events_per_turn> events;
  int count = wait(events, longest);
  bool handled = false;
  for (bool last : {false, true}) {
    for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(std::max(count, 0)))) {
      auto* watch = static_cast<Watch::Body*>(event.data.ptr);
      if (watch->alive && watch->last == last && !stopped) handled |= watch->ready(event.events);
    }
  }
  handled |= fire_timers();
  handled |= run_posted();
  return handled;
}

int Reactor::Body::wait(std::array<epoll_event, events_per_turn>& events, std::optional<Duration> longest) {
  if (!timers.empty()) {
    Duration left = std::max(Duration::zero(), timers.begin()->first - tick_now());
    longest = longest ? std::min(*longest, left) : left;
  }
  {
    std::lock_guard lock(mutex);
    asleep = posted.empty();
    if (!asleep) longest = Duration::zero();
  }
  timespec limit{};
  if (longest) {
    limit.tv_sec = std::chrono::floor<std::chrono::seconds>(*longest).count();
    limit.tv_nsec = std::chrono::nanoseconds(*longest % std::chrono::seconds(1)).count();
  }
  int size = static_cast<int>(events.size());
  int count = ::epoll_pwait2(epoll.get(), events.data(), size, longest ? &limit : nullptr, nullptr);
  std::lock_guard lock(mutex);
  asleep = false;  // what a handler posts needs nobody to be woken
  return count;
}

bool Reactor::Body::fire_timers() {
  bool fired = false;
  Tick until = timers.empty() ? Tick{} : tick_now();
  while (!stopped && !timers.empty() && timers.begin()->first <= until) {
    auto timer = timers.begin()->second->shared_from_this();  // it may be destroyed by what it calls
    timer->leave();
    if (!timer->deadline) continue;
    if (*timer->deadline > until) {
      timer->at(*timer->deadline);
      continue;
    }
    timer->deadline.reset();
    handle(timer->fire);
    fired = true;
  }
  return fired;
}

/// What is posted meanwhile waits for the next turn, behind the descriptors.
bool Reactor::Body::run_posted() {
  std::vector<std::function<void()>> work;
  {
    std::lock_guard lock(mutex);
    work.swap(posted);
  }
  std::size_t done = 0;
  while (done < work.size() && !stopped) handle(work[done++]);
  if (done < work.size()) {  // stopped in between: the rest is for the next run
    std::lock_guard lock(mutex);
    posted.insert(posted.begin(), std::make_move_iterator(work.begin() + static_cast<std::ptrdiff_t>(done)),
                  std::make_move_iterator(work.end()));
  }
  return done > 0;
}

// --- signals ---------------------------------------------------------------------------------------

void Reactor::on_signal(int number, std::function<void()> handler) {
  body_->signal_handlers[number] = std::move(handler);
  sigset_t all;
  sigemptyset(&all);
  for (const auto& known : body_->signal_handlers) sigaddset(&all, known.first);
  // Blocked: a signal that is delivered elsewhere never becomes readable.
  if (::pthread_sigmask(SIG_BLOCK, &all, nullptr) != 0) cannot("a signal mask");
  int made = ::signalfd(body_->signals ? body_->signals.get() : -1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
  if (made < 0) cannot("a signalfd");
  if (body_->signals) return;
  body_->signals.reset(made);
  body_->signal_watch = std::make_unique<Watch>(*this, made, [body = body_.get()] { body->read_signals(); });
}

void Reactor::Body::read_signals() {
  signalfd_siginfo arrived{};
  while (::read(signals.get(), &arrived, sizeof arrived) == sizeof arrived) {
    auto found = signal_handlers.find(static_cast<int>(arrived.ssi_signo));
    if (found != signal_handlers.end()) found->second();
  }
}

}  // namespace slipway::net
