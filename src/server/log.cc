// SPDX-License-Identifier: MPL-2.0
#include "server/log.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>

namespace slipway::server {
namespace {

/// Standard error with a bound: what strangers send must not fill a disk with lines. What was left out is
/// counted and said once a second.
class BoundedSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit BoundedSink(Counter& lost) : lost_(lost) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    auto second = std::chrono::floor<std::chrono::seconds>(message.time);
    if (second != second_) begin(second, message);
    if (++lines_ <= lines_per_second) {
      print(message);
    } else {
      ++left_out_;
      lost_.add();
    }
  }
  void flush_() override { std::fflush(stderr); }

 private:
  /// More than EventLog lets through, and BootWatch has to tell, in a second.
  static constexpr unsigned lines_per_second = 1200;

  void begin(spdlog::log_clock::time_point second, const spdlog::details::log_msg& message) {
    second_ = second;
    lines_ = 0;
    if (left_out_ == 0) return;
    std::string text =
        fmt::format("{} lines left out: more than {} in a second", left_out_, lines_per_second);
    print({message.time, message.source, message.logger_name, spdlog::level::warn, text});
    left_out_ = 0;
  }

  void print(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

  Counter& lost_;
  spdlog::log_clock::time_point second_;
  unsigned lines_ = 0;
  unsigned left_out_ = 0;
};

}  // namespace

Log make_log(const std::string& level, Metrics& metrics) {
  auto sink = std::make_shared<BoundedSink>(metrics.counter(
      "slipway_log_left_out_total", "what=\"line\"", "Lines about machines that were too many for the log."));
  auto log = std::make_shared<spdlog::logger>("slipwayd", sink);
  bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  log->set_pattern(journal ? "%l: %v" : "%Y-%m-%dT%H:%M:%S.%e %l: %v");
  log->set_level(spdlog::level::from_str(level));
  log->flush_on(spdlog::level::trace);
  return log;
}

}  // namespace slipway::server
