// SPDX-License-Identifier: MPL-2.0
#include "fetch/download.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "base/quantity.h"
#include "fetch/transfer.h"

namespace slipway::fetch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_beginnings = 3;

Fault too_large(const Url& url, std::uint64_t most) {
  return {fmt::format("{} is larger than {}, more than an image has", url.shown(), human_bytes(most)),
          "check the URL"};
}

/// The transfers that it takes to bring one file.
class Download {
 public:
  Download(const Url& url, Partial& partial, const Options& options)
      : url_(url), partial_(partial), options_(options), until_(Clock::now() + options.whole) {}

  Result<void, Fault> run() {
    for (int in_vain = 0;;) {
      std::uint64_t before = partial_.size();
      auto done = once();
      if (done) return partial_.sync();
      if (auto kept = partial_.sync(); !kept) return kept;
      if (other_file_ || done.error().status == 416) {
        if (++beginnings_ > most_beginnings) return done.error().fault;
        partial_.forget();
        other_file_ = false;
        continue;
      }
      bool moved = partial_.size() != before;
      in_vain = moved ? 0 : in_vain + 1;
      ever_moved_ = ever_moved_ || moved;
      bool again = done.error().may_pass && ever_moved_ && in_vain < options_.tries && Clock::now() < until_;
      if (!again || !pause(in_vain)) return done.error().fault;
    }
  }

 private:
  /// The last byte is asked for again when all are here: whether it is still the same file, nothing else
  /// says.
  std::uint64_t start() const {
    std::uint64_t total = partial_.origin()->total.value_or(0);
    return total > 0 ? std::min(partial_.size(), total - 1) : partial_.size();
  }

  Result<void, Failure> once() {
    Receiver receiver{[this](long status, const Origin& origin, const std::optional<ContentRange>& range) {
                        return head(status, origin, range);
                      },
                      [this](ByteView bytes) { return body(bytes); }};
    if (!partial_.origin()) return whole(transfer(url_, options_, receiver));
    asked_ = start();
    std::string validator = partial_.origin()->validator;
    return whole(transfer(url_, options_, receiver, asked_, validator));
  }

  /// What ended without a fault and short of the length that was announced, was cut.
  Result<void, Failure> whole(Result<void, Failure> done) const {
    std::uint64_t total = partial_.origin() ? partial_.origin()->total.value_or(partial_.size()) : 0;
    if (!done || partial_.size() >= total) return done;
    return Failure{{fmt::format("{} was cut after {} of {} bytes", url_.shown(), partial_.size(), total),
                    "give the command again: it goes on from what has come"},
                   true};
  }

  Result<void, Fault> head(long status, const Origin& origin, const std::optional<ContentRange>& range) {
    if (status == 206) return go_on(range);
    if (++beginnings_ > most_beginnings)
      return Fault{
          fmt::format("{} began anew {} times: its server has another file each time, or does not go on "
                      "where it was cut",
                      url_.shown(), most_beginnings),
          "try again later, or fetch it by other means and import that"};
    if (origin.total.value_or(0) > options_.most_bytes) return too_large(url_, options_.most_bytes);
    if (auto begun = partial_.begin(origin); !begun) return begun;
    return origin.total ? partial_.require_space(*origin.total) : Result<void, Fault>();
  }

  Result<void, Fault> go_on(const std::optional<ContentRange>& range) {
    const auto& origin = partial_.origin();
    bool fits =
        origin && range && range->first == asked_ && (!origin->total || range->total == origin->total);
    other_file_ = !fits;
    if (!fits)
      return Fault{
          fmt::format("{} sends another part of {} than it was asked for", url_.host(), url_.shown()),
          "fetch the file by other means and import that"};
    partial_.go_on_at(asked_);
    return partial_.require_space(range->last + 1 - asked_);
  }

  Result<void, Fault> body(ByteView bytes) {
    if (partial_.size() + bytes.size() > options_.most_bytes) return too_large(url_, options_.most_bytes);
    auto written = partial_.write(bytes);
    if (options_.progress) options_.progress(partial_.size(), partial_.origin()->total.value_or(0));
    return written;
  }

  /// False when we are to stop.
  bool pause(int in_vain) const {
    auto until = Clock::now() + std::chrono::milliseconds(in_vain == 0 ? 200 : 500 << in_vain);
    while (Clock::now() < until) {
      if (options_.stop && options_.stop->load(std::memory_order_relaxed)) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
  }

  const Url& url_;
  Partial& partial_;
  const Options& options_;
  Clock::time_point until_;
  std::uint64_t asked_ = 0;
  int beginnings_ = 0;
  bool ever_moved_ = false;
  bool other_file_ = false;  ///< than the one of which a part is here
};

}  // namespace

Result<std::string, Fault> fetch_text(const Url& url, std::size_t most, const Options& options) {
  std::string text;
  Receiver receiver{[](auto&&...) { return Result<void, Fault>(); },
                    [&](ByteView bytes) -> Result<void, Fault> {
                      text += as_text(bytes);
                      if (text.size() <= most) return {};
                      return Fault{fmt::format("{} is larger than {}", url.shown(), human_bytes(most)),
                                   "it is not the list it should be; check the URL"};
                    }};
  Options brief = options;
  brief.whole = std::min(options.whole, std::chrono::seconds(std::chrono::minutes{2}));
  auto done = transfer(url, brief, receiver);
  if (!done) return done.error().fault;
  return {boost::system::in_place_value, std::move(text)};
}

Result<void, Fault> download(const Url& url, Partial& partial, const Options& options) {
  return Download(url, partial, options).run();
}

}  // namespace slipway::fetch
