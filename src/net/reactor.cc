// SPDX-License-Identifier: MPL-2.0
#include "net/reactor.h"

#include <cassert>
#include <deque>
#include <optional>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/result.h"

namespace slipway::net {
namespace asio = boost::asio;

struct Reactor::Body {
  asio::io_context context{1};  // one thread runs it
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(context);
  std::deque<asio::signal_set> signals;
  mutable std::optional<Now> now;  // read once in a handler, on first use

  template <typename Handler>
  void handle(Handler& handler) {
    now.reset();
    handler();
    now.reset();
  }

  void await(asio::signal_set& set, std::function<void()> handler) {
    set.async_wait([this, &set, handler = std::move(handler)](boost::system::error_code error, int) {
      if (error) return;
      handle(handler);
      await(set, handler);
    });
  }
};

Reactor::Reactor() : body_(std::make_unique<Body>()) {}
Reactor::~Reactor() = default;

void Reactor::run() {
  body_->context.run();  // returns at once when `stop` came first
  body_->context.restart();
}

void Reactor::stop() {
  body_->context.stop();
}

bool Reactor::turn(Duration longest) {
  bool handled = body_->context.run_one_for(longest) > 0;
  if (body_->context.stopped()) body_->context.restart();
  return handled;
}

Now Reactor::now() const {
  using std::chrono::floor;
  if (!body_->now) {
    body_->now = Now{floor<Duration>(std::chrono::system_clock::now()),
                     floor<Duration>(std::chrono::steady_clock::now())};
  }
  return *body_->now;
}

void Reactor::post(std::function<void()> work) {
  asio::post(body_->context, [this, work = std::move(work)]() mutable { body_->handle(work); });
}

void Reactor::on_signal(int number, std::function<void()> handler) {
  asio::signal_set& set = body_->signals.emplace_back(body_->context);
  boost::system::error_code error;
  set.add(number, error);
  if (error) throw StartupError("cannot handle signal " + std::to_string(number) + ": " + error.message());
  body_->await(set, std::move(handler));
}

asio::io_context& Reactor::context() {
  return body_->context;
}

struct Watch::Body : std::enable_shared_from_this<Watch::Body> {
  using Descriptor = asio::posix::stream_descriptor;

  struct Direction {
    Descriptor::wait_type type;
    std::function<void()> ready;
    bool wanted = false;
    bool waiting = false;
  };

  Body(Reactor::Body& loop, std::function<void()> readable, std::function<void()> writable)
      : reactor(loop),
        descriptor(loop.context),
        read{Descriptor::wait_read, std::move(readable)},
        write{Descriptor::wait_write, std::move(writable)} {}

  void want(Direction& direction, bool wanted) {
    direction.wanted = wanted;
    if (!wanted || direction.waiting || !descriptor.is_open()) return;
    direction.waiting = true;
    // The wait keeps the body alive, so a callback may destroy its Watch.
    descriptor.async_wait(direction.type, [self = shared_from_this(), &direction](auto error) {
      direction.waiting = false;
      if (error || !self->descriptor.is_open()) return;
      if (direction.wanted) self->reactor.handle(direction.ready);
      self->want(direction, direction.wanted);
    });
  }

  Reactor::Body& reactor;
  Descriptor descriptor;
  Direction read, write;
};

Watch::Watch(Reactor& reactor, int fd, std::function<void()> readable, std::function<void()> writable)
    : body_(std::make_shared<Body>(*reactor.body_, std::move(readable), std::move(writable))) {
  body_->descriptor.assign(fd);
  want_read(true);
}

Watch& Watch::operator=(Watch&& other) noexcept {
  if (this == &other) return *this;
  reset();
  body_ = std::move(other.body_);
  return *this;
}

void Watch::want_read(bool wanted) {
  assert(!wanted || body_->read.ready);
  body_->want(body_->read, wanted);
}

void Watch::want_write(bool wanted) {
  assert(!wanted || body_->write.ready);
  body_->want(body_->write, wanted);
}

void Watch::reset() {
  if (!body_) return;
  body_->read.wanted = body_->write.wanted = false;
  if (body_->descriptor.is_open()) body_->descriptor.release();  // cancels the waits, closes nothing
  body_.reset();
}

struct Timer::Body : std::enable_shared_from_this<Timer::Body> {
  Body(Reactor::Body& loop, std::function<void()> handler)
      : reactor(loop), timer(loop.context), fire(std::move(handler)) {}

  void at(Tick when) {
    deadline = when;
    // A later deadline is looked at when the earlier one passes: no work per packet.
    if (waiting_until && *waiting_until <= when) return;
    waiting_until = when;
    timer.expires_at(when);
    timer.async_wait([self = shared_from_this()](auto error) {
      if (!error) self->expired();
    });
  }

  void expired() {
    waiting_until.reset();
    if (!deadline) return;
    if (*deadline > std::chrono::steady_clock::now()) return at(*deadline);
    deadline.reset();
    reactor.handle(fire);
  }

  Reactor::Body& reactor;
  asio::steady_timer timer;
  std::function<void()> fire;
  std::optional<Tick> deadline;       // when to fire; unset: never
  std::optional<Tick> waiting_until;  // when we look next
};

Timer::Timer(Reactor& reactor, std::function<void()> fire)
    : body_(std::make_shared<Body>(*reactor.body_, std::move(fire))) {}

Timer::~Timer() {
  body_->deadline.reset();
  body_->timer.cancel();
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

}  // namespace slipway::net
