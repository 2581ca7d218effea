// SPDX-License-Identifier: MPL-2.0
#include "cli/progress.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/table.h"
#include "cli/context.h"

namespace slipway::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto redraw_every = std::chrono::milliseconds{80};

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string bar(double share, std::size_t width) {
  auto eighths = static_cast<std::size_t>(share * static_cast<double>(width) * 8);
  constexpr std::string_view parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  text += parts[eighths % 8];
  std::size_t cells = eighths / 8 + (eighths % 8 ? 1 : 0);
  return text + std::string(width - std::min(width, cells), ' ');
}

}  // namespace

ProgressBar::ProgressBar(std::string (*amount)(std::uint64_t))
    : amount_(amount), terminal_(is_terminal(STDERR_FILENO)), began_(Clock::now()) {}

void ProgressBar::show(const std::string& what, std::uint64_t done, std::uint64_t total) {
  if (what != what_) {
    what_ = what;
    next_line_ = 0;
    began_ = Clock::now();
    drawn_at_ = {};
  }
  if (terminal_) {
    if (Clock::now() - drawn_at_ >= redraw_every || done == total) draw(what, done, total);
    return;
  }
  std::uint64_t percent = total ? done * 100 / total : 0;
  if (total && percent >= next_line_) {
    fmt::print(stderr, "{}: {} % of {}\n", what, percent, amount_(total));
    next_line_ = percent / 10 * 10 + 10;
  }
}

void ProgressBar::draw(const std::string& what, std::uint64_t done, std::uint64_t total) {
  drawn_at_ = Clock::now();
  double seconds = std::chrono::duration<double>(drawn_at_ - began_).count();
  auto rate = static_cast<std::uint64_t>(seconds > 0.2 ? static_cast<double>(done) / seconds : 0);
  double share = total ? std::min(1.0, static_cast<double>(done) / static_cast<double>(total)) : 0;
  std::string numbers = total ? fmt::format("{:3.0f} %  {}", share * 100, amount_(total)) : amount_(done);
  if (rate) numbers += fmt::format("  {}/s", amount_(rate));
  std::size_t used = what.size() + numbers.size() + 6;
  std::size_t width = std::clamp<std::size_t>(terminal_width() - std::min(terminal_width(), used), 10, 40);
  fmt::print(stderr, "\r\033[K{}  {}  {}", what, bar(share, width), numbers);
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressBar::finish() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
  drawn_ = false;
}

}  // namespace slipway::cli
