// SPDX-License-Identifier: MPL-2.0
#include "api/event_feed.h"

#include <charconv>

#include <fmt/format.h>

#include "api/json.h"
#include "api/views.h"

namespace slipway::api {
namespace {

// Past events come all at once: a thousand of them must fit.
constexpr std::size_t capacity = 2 * 1024 * 1024;

}  // namespace

std::shared_ptr<http::StreamWriter> EventFeed::follow(Wants wants) {
  auto writer = std::make_shared<http::StreamWriter>(
      http::StreamWriter::Options{capacity, ": cut off, the reader is too slow; follow again\n\n"});
  followers_.push_back({writer, std::move(wants)});
  return writer;
}

void EventFeed::publish(const timeline::Event& event, const Names& names) {
  if (followers_.empty()) return;
  std::string text;  // rendered once, and only if someone wants it
  followers_.remove_if([&](const Follower& follower) {
    if (follower.wants && !follower.wants(event)) return !follower.writer->is_open();
    if (text.empty()) text = render(event, names);
    return !follower.writer->write(text);
  });
}

void EventFeed::keep_alive() {
  followers_.remove_if([](const Follower& follower) { return !follower.writer->write(": still here\n\n"); });
}

std::string EventFeed::render(const timeline::Event& event, const Names& names) const {
  return fmt::format("id: {}-{}\ndata: {}\n\n", run_, event.sequence, to_json(view(event, names)));
}

std::optional<std::uint64_t> EventFeed::sequence_of(std::string_view id) const {
  auto dash = id.find('-');
  if (dash == id.npos || id.substr(0, dash) != run_) return std::nullopt;
  std::string_view digits = id.substr(dash + 1);
  std::uint64_t sequence = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
  bool whole = error == std::errc{} && end == digits.data() + digits.size();
  return whole ? std::optional(sequence) : std::nullopt;
}

}  // namespace slipway::api
