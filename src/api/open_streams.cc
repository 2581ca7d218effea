// SPDX-License-Identifier: MPL-2.0
#include "api/open_streams.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/answer.h"

namespace slipway::api {
namespace {

constexpr std::chrono::seconds between_lines{10};  // of the log: who asks too often is not to fill it

}  // namespace

OpenStreams::OpenStreams(const World& world)
    : world_(world),
      refused_(world.metrics.counter("slipway_api_streams_refused_total", {},
                                     "Streams of events that were refused because too many are open.")) {}

std::optional<http::Response> OpenStreams::admit(const Visitor& visitor,
                                                 const std::shared_ptr<http::StreamWriter>& writer) {
  forget_closed();
  bool by_token = !visitor.token.empty();
  auto of_one =
      std::count_if(open_.begin(), open_.end(), [&](const Open& one) { return one.who == visitor.who; });
  auto by_tokens =
      std::count_if(open_.begin(), open_.end(), [](const Open& one) { return !one.token.empty(); });
  bool alone_too_many = static_cast<std::size_t>(of_one) >= most_of_one;
  bool too_many = by_token && static_cast<std::size_t>(by_tokens) >= most_by_tokens;
  if (!alone_too_many && !too_many) {
    open_.push_back({visitor.who, visitor.token, writer});
    return std::nullopt;
  }
  writer->finish();
  refused_.add();
  say_refused(visitor);
  http::Response response =
      alone_too_many ? problem(503, fmt::format("{} has {} streams of events open", visitor.who, of_one),
                               "close one of them")
                     : problem(503, fmt::format("{} streams of events are open", by_tokens),
                               "try again later, or ask without follow");
  response.headers.push_back({"Retry-After", "10"});
  return response;
}

void OpenStreams::end_unless(const std::function<bool(const std::string& token)>& is_good) {
  for (const Open& one : open_) {
    auto writer = one.writer.lock();
    if (writer && !one.token.empty() && !is_good(one.token)) writer->finish();
  }
  forget_closed();
}

void OpenStreams::forget_closed() {
  std::erase_if(open_, [](const Open& one) {
    auto writer = one.writer.lock();
    return !writer || !writer->is_open();
  });
}

void OpenStreams::say_refused(const Visitor& visitor) {
  Instant now = world_.now();
  if (now >= said_ && now - said_ < between_lines) return;
  said_ = now;
  world_.warn(fmt::format("API: refused {} at {} another stream of events: {} are open", visitor.who,
                          visitor.from, open_.size()));
}

}  // namespace slipway::api
