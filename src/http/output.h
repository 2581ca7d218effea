// SPDX-License-Identifier: MPL-2.0
// One response on its way into a socket: head and small body gathered in one write, a file's bytes by
// sendfile, behind each other. Knows the descriptor for the length of a call only; never blocks, never
// decides when to go on. Private to http/.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/message.h"

namespace slipway::http {

class Output {
 public:
  enum class Result {
    done,     ///< all of it is with the kernel
    blocked,  ///< the socket takes no more for now
    paused,   ///< `budget` is used up: others are due
    gone,     ///< the client closed or reset
    failed,   ///< the file ended early or cannot be read
  };

  /// `with_body` is false for HEAD and for statuses without one.
  void start(std::string head, Response&& response, bool with_body);
  /// More bytes behind what waits (streams).
  void append(std::string_view text);

  /// At most about `budget` bytes of a file in this call.
  Result send(int socket, std::uint64_t budget);

  bool empty() const { return text_left() == 0 && file_left() == 0; }
  std::uint64_t left() const { return text_left() + file_left(); }
  std::uint64_t body_sent() const { return body_sent_; }
  std::uint64_t sent() const { return sent_; }
  /// Lets go of file and buffers.
  void clear();

 private:
  std::string_view body() const { return shared_ ? std::string_view(*shared_) : std::string_view(body_); }
  std::uint64_t text_left() const { return head_.size() + body().size() - text_sent_; }
  std::uint64_t file_left() const { return file_ ? file_end_ - file_at_ : 0; }
  Result send_text(int socket);
  Result send_file(int socket, std::uint64_t budget);

  std::string head_;
  std::string body_;
  std::shared_ptr<const std::string> shared_;
  std::shared_ptr<const OpenFile> file_;
  std::uint64_t file_at_ = 0, file_end_ = 0;
  std::uint64_t text_sent_ = 0;  ///< of head and body
  std::uint64_t sent_ = 0;
  std::uint64_t body_sent_ = 0;
};

}  // namespace slipway::http
