// SPDX-License-Identifier: MPL-2.0
// A pipe. One that is full was rung already.
#include "base/bell.h"

#include <array>

#include <fcntl.h>

#include "base/result.h"

namespace slipway {

Bell::Bell() {
  int ends[2];
  if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
    throw StartupError("cannot make a pipe: raise the limit on open files");
  heard_.reset(ends[0]);
  struck_.reset(ends[1]);
}

void Bell::ring() {
  char one = 1;
  [[maybe_unused]] auto n = ::write(struck_.get(), &one, sizeof one);
}

void Bell::silence() {
  std::array<char, 64> ignored;
  while (::read(heard_.get(), ignored.data(), ignored.size()) == static_cast<ssize_t>(ignored.size())) {
  }
}

}  // namespace slipway
