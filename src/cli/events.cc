// SPDX-License-Identifier: MPL-2.0
// slipway events [--follow]: what happens, a line each; with --json one object each, for programs. A line is
// written whole or not at all, so that whoever reads a pipe never sees half an object.
#include <cstdio>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/api_call.h"
#include "cli/verbs.h"

namespace slipway::cli {
namespace {

void print(const api::EventView& event, const Colours& colour) {
  auto seconds = static_cast<std::time_t>(unix_seconds(event.at));
  auto millis = event.at.time_since_epoch().count() / 1000 % 1000;
  std::string who = event.machine_name.value_or(event.machine.value_or(event.address.value_or("-")));
  bool bad = event.kind.ends_with("failed") || event.kind.ends_with("refused") ||
             event.kind.ends_with("dropped") || event.kind == "dhcp_nak";
  fmt::print("{}{:%H:%M:%S}.{:03}{}  {:<18} {}{}{}\n", colour.dim, fmt::localtime(seconds), millis,
             colour.off, who, bad ? colour.bad : "", event.text, bad ? colour.off : "");
}

/// Server-sent events arrive in pieces: `data:` lines are events, a line with a colon in front is a comment.
class EventLines {
 public:
  explicit EventLines(bool json) : json_(json) {}

  bool take(std::string_view piece) {
    waiting_ += piece;
    for (std::size_t end = 0; (end = waiting_.find('\n')) != std::string::npos;) {
      std::string line = waiting_.substr(0, end);
      waiting_.erase(0, end + 1);
      if (line.starts_with("data:")) show(line.substr(line.find_first_not_of(' ', 5)));
      if (line.starts_with(": cut off")) last_word_ = line.substr(2);
    }
    return !reader_left();
  }

  bool reader_left() const { return std::ferror(stdout) != 0; }
  const std::string& last_word() const { return last_word_; }

 private:
  void show(const std::string& data) {
    if (json_) {
      fmt::print("{}\n", data);
    } else if (auto event = api::from_json<api::EventView>(data)) {
      print(*event, colours_);
    }
    std::fflush(stdout);
  }

  bool json_;
  std::string waiting_, last_word_;
  Colours colours_ = colours();
};

int follow_events(const Context& context, const std::string& target) {
  std::setvbuf(stdout, nullptr, _IOFBF, 1 << 16);  // longer than any line
  EventLines lines(context.json);
  auto daemon = context.daemon();
  if (!daemon) return fail(daemon.error());
  auto reply = daemon->follow(target, [&](std::string_view piece) { return lines.take(piece); });
  if (!reply) return fail(reply.error());
  if (reply->status != 200) return fail(fault_of(*reply));
  if (lines.reader_left()) return exit_ok;
  return fail(lines.last_word().empty() ? Fault{"the stream ended: slipwayd stopped", "start it again"}
                                        : Fault{"the stream ended: " + lines.last_word(), ""});
}

}  // namespace

int events(const Context& context, bool follow, const std::optional<std::string>& machine) {
  std::string target = "/api/v1/events?" + std::string(follow ? "follow=1" : "since=0");
  if (machine) target += "&machine=" + url_part(*machine);
  if (follow) return follow_events(context, target);
  auto list = ask<api::EventList>(context, target);
  if (!list) return fail(list.error());
  for (const api::EventView& event : list->events) {
    if (context.json) {
      print_line(api::to_json(event));
    } else {
      print(event, colours());
    }
  }
  return exit_ok;
}

}  // namespace slipway::cli
