// SPDX-License-Identifier: MPL-2.0
#include "cli/terminal.h"

#include <csignal>
#include <string_view>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace slipway::cli {
namespace {

constexpr int caught[] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP};

void write_all(std::string_view text) {
  while (!text.empty()) {
    ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// What terminals send for keys (ECMA-48, xterm).
struct Sequence {
  std::string_view text;
  Key key;
};
constexpr Sequence sequences[] = {
    {"\x1b[A", Key::up},       {"\x1bOA", Key::up},         {"\x1b[B", Key::down}, {"\x1bOB", Key::down},
    {"\x1b[5~", Key::page_up}, {"\x1b[6~", Key::page_down}, {"\x1b[H", Key::home}, {"\x1bOH", Key::home},
    {"\x1b[1~", Key::home},    {"\x1b[F", Key::end},        {"\x1bOF", Key::end},  {"\x1b[4~", Key::end},
};

}  // namespace

Terminal::Terminal() {
  ::tcgetattr(STDIN_FILENO, &before_);
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  for (int number : caught) signals_.add(number);
  write_all("\x1b[?1049h\x1b[?25l\x1b[?7l");  // another screen, no cursor, no wrapping
}

Terminal::~Terminal() {
  write_all("\x1b[?7h\x1b[?25h\x1b[?1049l");
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

Terminal::Size Terminal::size() const {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_row, size.ws_col};
}

void Terminal::draw(const std::vector<std::string>& lines) {
  std::string out = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? "" : "\r\n") + lines[i] + "\x1b[K";
  write_all(out + "\x1b[J");
}

std::optional<Terminal::Press> Terminal::wait(Duration longest) {
  if (auto press = take()) return press;
  pollfd ready[] = {{STDIN_FILENO, POLLIN, 0}, {signals_.fd(), POLLIN, 0}};
  auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(longest).count();
  ::poll(ready, 2, static_cast<int>(millis));
  bool ends = false;
  while (auto signal = signals_.next()) ends |= *signal != SIGWINCH;
  if (ends) return Press{Key::quit, 0};
  if (ready[0].revents == 0) return std::nullopt;
  char buffer[256];
  ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
  if (got <= 0) return Press{Key::quit, 0};  // the line is gone
  typed_.append(buffer, static_cast<std::size_t>(got));
  return take();
}

std::optional<Terminal::Press> Terminal::take() {
  if (typed_.empty()) return std::nullopt;
  for (const Sequence& sequence : sequences) {
    if (!std::string_view(typed_).starts_with(sequence.text)) continue;
    typed_.erase(0, sequence.text.size());
    return Press{sequence.key, 0};
  }
  char letter = typed_.front();
  typed_.erase(0, letter == '\x1b' ? typed_.size() : 1);
  return Press{letter == 'q' ? Key::quit : Key::other, letter};
}

}  // namespace slipway::cli
