// SPDX-License-Identifier: MPL-2.0
#include "api/event_feed.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/json.h"
#include "api/views.h"

namespace slipway::api {
namespace {

// Past events come all at once: a thousand of them must fit.
constexpr std::size_t capacity = 2 * 1024 * 1024;

bool wants(const std::vector<MacAddress>& macs, const timeline::Event& event) {
  return macs.empty() || (event.machine && std::find(macs.begin(), macs.end(), *event.machine) != macs.end());
}

}  // namespace

std::shared_ptr<http::StreamWriter> EventFeed::follow(std::vector<MacAddress> macs) {
  auto writer = std::make_shared<http::StreamWriter>(
      http::StreamWriter::Options{capacity, ": cut off, the reader is too slow; follow again\n\n"});
  followers_.push_back({writer, std::move(macs)});
  return writer;
}

void EventFeed::publish(const timeline::Event& event, const model::Plan& plan) {
  if (followers_.empty()) return;
  std::string text;  // rendered once, and only if someone wants it
  followers_.remove_if([&](const Follower& follower) {
    if (!wants(follower.macs, event)) return !follower.writer->is_open();
    if (text.empty()) text = render(event, plan);
    return !follower.writer->write(text);
  });
}

void EventFeed::keep_alive() {
  followers_.remove_if([](const Follower& follower) { return !follower.writer->write(": still here\n\n"); });
}

std::string EventFeed::render(const timeline::Event& event, const model::Plan& plan) {
  return fmt::format("id: {}\ndata: {}\n\n", event.sequence, to_json(view(event, plan)));
}

}  // namespace slipway::api
