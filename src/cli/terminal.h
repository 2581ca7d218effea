// SPDX-License-Identifier: MPL-2.0
// A terminal that is drawn on: its own screen, keys as they are pressed, its size as it changes. Whatever
// ends the program by a signal that can be caught, the terminal is as it was. One at a time; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <termios.h>

#include "base/time.h"
#include "net/signals.h"

namespace slipway::cli {

enum class Key { up, down, page_up, page_down, home, end, quit, other };

class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  struct Size {
    std::size_t rows = 24, columns = 80;
  };
  Size size() const;
  /// The whole screen in one write; lines beyond it are cut off by nobody.
  void draw(const std::vector<std::string>& lines);

  struct Press {
    Key key = Key::other;
    char letter = 0;  ///< of `other`
  };
  /// The next key within this time; nothing: none, or the size changed.
  std::optional<Press> wait(Duration longest);

 private:
  std::optional<Press> take();

  termios before_{};
  net::Signals signals_;  ///< SIGWINCH and what ends us
  std::string typed_;
};

}  // namespace slipway::cli
