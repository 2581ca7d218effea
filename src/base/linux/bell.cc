// SPDX-License-Identifier: MPL-2.0
#include "base/bell.h"

#include <cstdint>

#include <sys/eventfd.h>

#include "base/result.h"

namespace slipway {

Bell::Bell() : heard_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!heard_) throw StartupError("cannot make an eventfd: raise the limit on open files");
}

void Bell::ring() {
  std::uint64_t one = 1;
  [[maybe_unused]] auto n = ::write(heard_.get(), &one, sizeof one);
}

void Bell::silence() {
  std::uint64_t ignored = 0;
  [[maybe_unused]] auto n = ::read(heard_.get(), &ignored, sizeof ignored);
}

}  // namespace slipway
