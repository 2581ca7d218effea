// SPDX-License-Identifier: MPL-2.0
// One event loop: descriptors that become ready, timers, signals, work posted from other threads.
// It moves no bytes and knows no protocol. Everything runs on the thread that called `run()`, and may
// be called there only, except `post` and `stop`. Start-up failures throw StartupError; a handler that
// throws ends `run()` with its exception.
#pragma once

#include <functional>
#include <memory>

#include "base/time.h"

namespace slipway::net {

class Reactor {
 public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  /// Turns until `stop()`. May be called again after it returned.
  void run();
  /// Any thread. The handler that runs now finishes first.
  void stop();
  /// One turn that waits at most `longest`; true when a handler ran. For tests and for shutting down.
  bool turn(Duration longest);

  /// The time at which the running handler began: the same for all of that handler.
  Now now() const;

  /// Any thread. For rare things (start, stop, reload): the queue has no bound. Streams of values go
  /// through a Mailbox and a Watch on its descriptor.
  void post(std::function<void()> work);

  /// Calls back for each arrival of the signal, SIGTERM for example. Once per signal number, and before
  /// other threads start: the signal is blocked here, and in those that are made from here on.
  void on_signal(int number, std::function<void()> handler);

 private:
  friend class Watch;
  friend class Timer;
  struct Body;
  std::unique_ptr<Body> body_;
};

/// Calls back while a descriptor is ready (level triggered). What is wanted may change with every packet: the
/// system is told only where it matters. Does not own the descriptor: destroy the
/// Watch before closing it, that is, declare it after the descriptor. One Watch per descriptor.
/// A callback may destroy its own Watch.
class Watch {
 public:
  Watch() = default;
  /// Reading is wanted from the start, writing is not. Errors and hang-ups call `readable`, or
  /// `writable` when that alone is wanted.
  Watch(Reactor& reactor, int fd, std::function<void()> readable, std::function<void()> writable = {});
  Watch(Watch&&) noexcept = default;
  Watch& operator=(Watch&& other) noexcept;
  ~Watch() { reset(); }

  void want_read(bool wanted);
  void want_write(bool wanted);
  /// In a turn it is called after the others: a new request is not to overtake the end of the one before it,
  /// which came in on another descriptor. The order of what is ready is not that of arrival.
  void behind_others();
  void reset();
  explicit operator bool() const { return body_ != nullptr; }

 private:
  friend class Reactor;
  struct Body;
  std::shared_ptr<Body> body_;
};

/// Fires once at its time; set again it forgets the earlier time. Moving the time later costs nothing,
/// so a deadline may be pushed on with every packet. Does not move; a callback may destroy its Timer.
class Timer {
 public:
  Timer(Reactor& reactor, std::function<void()> fire);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void at(Tick when);
  void after(Duration wait);
  void cancel();
  bool armed() const;

 private:
  friend class Reactor;
  struct Body;
  std::shared_ptr<Body> body_;
};

}  // namespace slipway::net
