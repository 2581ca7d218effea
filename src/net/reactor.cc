// SPDX-License-Identifier: MPL-2.0
#include "net/reactor.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/bell.h"
#include "net/poller.h"
#include "net/signals.h"

namespace slipway::net {
namespace {

Tick tick_now() {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now());
}

}  // namespace

/// What is wanted of one descriptor. Interest is lazy: what is no longer wanted is taken back only
/// when it is reported all the same, so that "wait, answer, wait again" costs no system call.
struct Watch::Body {
  Reactor::Body& reactor;
  int fd;
  std::function<void()> readable, writable;
  bool wants_read = false, wants_write = false;
  bool alive = true;
  bool last = false;        ///< of a turn
  unsigned registered = 0;  ///< what the poller knows of: Poller::reading and writing

  unsigned wanted() const {
    return (wants_read ? Poller::reading : 0u) | (wants_write ? Poller::writing : 0u);
  }
  void tell_poller();
  void forget();
  bool ready(unsigned events);
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
  Poller poller;
  Bell bell;
  std::optional<Signals> signals;
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
  std::span<const Poller::Ready> wait(std::optional<Duration> longest);
  bool fire_timers();
  bool run_posted();
  void read_signals();
};

// --- descriptors -----------------------------------------------------------------------------------

void Watch::Body::tell_poller() {
  unsigned interest = wanted();
  if (interest == registered) return;
  reactor.poller.change(fd, registered, interest, this);
  registered = interest;
}

void Watch::Body::forget() {
  alive = wants_read = wants_write = false;
  tell_poller();
}

/// Whether somebody was called.
bool Watch::Body::ready(unsigned events) {
  constexpr unsigned trouble = Poller::trouble;
  bool called = false;
  if (wants_read && (events & (Poller::reading | trouble)) != 0) {
    reactor.handle(readable);
    called = true;
  }
  if (alive && wants_write && (events & (Poller::writing | trouble)) != 0 &&
      (events & Poller::writing || !called)) {
    reactor.handle(writable);
    called = true;
  }
  if (alive && !called) tell_poller();
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
  if (wanted && (body_->registered & Poller::reading) == 0) body_->tell_poller();
}

void Watch::want_write(bool wanted) {
  assert(!wanted || body_->writable);
  body_->wants_write = wanted;
  if (wanted && (body_->registered & Poller::writing) == 0) body_->tell_poller();
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
  body_->wake_watch =
      std::make_unique<Watch>(*this, body_->bell.fd(), [body = body_.get()] { body->bell.silence(); });
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
  body_->bell.ring();
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
  if (asleep) body_->bell.ring();
}

/// One look at everything: descriptors, timers, posted work. True when a handler ran.
bool Reactor::Body::turn(std::optional<Duration> longest) {
  dead.clear();
  auto all = wait(longest);
  bool handled = false;
  for (bool last : {false, true}) {
    for (const Poller::Ready& one : all) {
      auto* watch = static_cast<Watch::Body*>(one.owner);
      if (watch->alive && watch->last == last && !stopped) handled |= watch->ready(one.events);
    }
  }
  handled |= fire_timers();
  handled |= run_posted();
  return handled;
}

std::span<const Poller::Ready> Reactor::Body::wait(std::optional<Duration> longest) {
  if (!timers.empty()) {
    Duration left = std::max(Duration::zero(), timers.begin()->first - tick_now());
    longest = longest ? std::min(*longest, left) : left;
  }
  {
    std::lock_guard lock(mutex);
    asleep = posted.empty();
    if (!asleep) longest = Duration::zero();
  }
  auto ready = poller.wait(longest);
  std::lock_guard lock(mutex);
  asleep = false;  // what a handler posts needs nobody to be woken
  return ready;
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
  if (!body_->signals) {
    body_->signals.emplace();
    body_->signal_watch =
        std::make_unique<Watch>(*this, body_->signals->fd(), [body = body_.get()] { body->read_signals(); });
  }
  body_->signals->add(number);
}

void Reactor::Body::read_signals() {
  while (auto number = signals->next()) {
    auto found = signal_handlers.find(*number);
    if (found != signal_handlers.end()) found->second();
  }
}

}  // namespace slipway::net
