// SPDX-License-Identifier: MPL-2.0
// A handler that writes the signal's number into a pipe, which is all that a handler may do.
#include "net/signals.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "base/result.h"
#include "base/unique_fd.h"

namespace slipway::net {
namespace {

constexpr std::size_t most_signals = 128;  // more than any system has
/// Where a signal of this number goes; a handler has no other way to know.
std::array<std::atomic<int>, most_signals> targets;

void told(int number) {
  int before = errno;
  auto name = static_cast<std::uint8_t>(number);
  [[maybe_unused]] auto n = ::write(targets[name], &name, sizeof name);
  errno = before;
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (::sigaction(number, &action, nullptr) != 0)
    throw StartupError(std::string("cannot hear signals: ") + std::strerror(errno));
}

}  // namespace

struct Signals::Body {
  UniqueFd out, in;
  std::vector<int> numbers;
};

Signals::Signals() : body_(std::make_unique<Body>()) {
  int ends[2];
  if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
    throw StartupError(std::string("cannot make a pipe: ") + std::strerror(errno));
  body_->out.reset(ends[0]);
  body_->in.reset(ends[1]);
}

Signals::~Signals() {
  for (int number : body_->numbers) handle(number, SIG_DFL);
}

void Signals::add(int number) {
  targets.at(static_cast<std::size_t>(number)) = body_->in.get();
  handle(number, told);
  body_->numbers.push_back(number);
}

std::optional<int> Signals::next() {
  std::uint8_t number = 0;
  if (::read(body_->out.get(), &number, sizeof number) != sizeof number) return std::nullopt;
  return number;
}

int Signals::fd() const {
  return body_->out.get();
}

}  // namespace slipway::net
