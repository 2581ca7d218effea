// SPDX-License-Identifier: MPL-2.0
// The writing end of a streamed response: a handler makes one, keeps it, and returns it in its response.
// Bounded: a follower that reads too slowly is cut off with a last line instead of growing our memory.
// Thread: that of the server that answers. Writing after the end is harmless and says so.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace slipway::http {

class StreamWriter {
 public:
  struct Options {
    std::size_t capacity = 256 * 1024;  ///< bytes that may wait for the client
    std::string too_slow = ": cut off, the reader is too slow\n\n";
  };

  StreamWriter() : StreamWriter(Options{}) {}
  explicit StreamWriter(Options options) : options_(std::move(options)) {}
  StreamWriter(const StreamWriter&) = delete;
  StreamWriter& operator=(const StreamWriter&) = delete;

  /// False once the stream is over: the client went, was cut off, or `finish` was called.
  bool write(std::string_view text);
  /// No more will be written; what waits is still sent.
  void finish();
  bool is_open() const { return open_; }

  /// Called once when the client's connection ends, whatever the cause.
  void on_closed(std::function<void()> callback) { closed_ = std::move(callback); }

  // The connection's side.
  std::string take();  ///< all that waits
  bool finished() const { return !open_ && waiting_.empty(); }
  void on_data(std::function<void()> callback) { data_ = std::move(callback); }
  void disconnected();

 private:
  Options options_;
  std::string waiting_;
  bool open_ = true;
  std::function<void()> data_, closed_;
};

}  // namespace slipway::http
