// SPDX-License-Identifier: MPL-2.0
#include "net/signals.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <sys/signalfd.h>

#include "base/result.h"
#include "base/unique_fd.h"

namespace slipway::net {

struct Signals::Body {
  sigset_t known;
  UniqueFd fd;
};

Signals::Signals() : body_(std::make_unique<Body>()) {
  sigemptyset(&body_->known);
  body_->fd.reset(::signalfd(-1, &body_->known, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!body_->fd) throw StartupError(std::string("cannot make a signalfd: ") + std::strerror(errno));
}

Signals::~Signals() = default;

void Signals::add(int number) {
  sigaddset(&body_->known, number);
  // Blocked: a signal that is delivered elsewhere never becomes readable.
  if (::pthread_sigmask(SIG_BLOCK, &body_->known, nullptr) != 0 ||
      ::signalfd(body_->fd.get(), &body_->known, 0) < 0)
    throw StartupError(std::string("cannot hear signals: ") + std::strerror(errno));
}

std::optional<int> Signals::next() {
  signalfd_siginfo arrived{};
  if (::read(body_->fd.get(), &arrived, sizeof arrived) != sizeof arrived) return std::nullopt;
  return static_cast<int>(arrived.ssi_signo);
}

int Signals::fd() const {
  return body_->fd.get();
}

}  // namespace slipway::net
