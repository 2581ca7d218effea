// SPDX-License-Identifier: MPL-2.0
// One response on its way out: head and small body gathered in one write, a file's bytes by sendfile, in one
// piece or several. Never blocks, never decides when to go on. Private to http/.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "http/message.h"
#include "http/transport.h"

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

  /// At most about `budget` bytes of files in this call.
  Result send(Transport& transport, std::uint64_t budget);

  std::uint64_t left() const { return total_ - sent_; }
  /// Of those, what `budget` speaks of.
  std::uint64_t file_left() const { return file_total_ - file_sent_; }
  std::uint64_t body_sent() const { return body_sent_; }
  std::uint64_t sent() const { return sent_; }
  /// Lets go of file and buffers.
  void clear();

 private:
  std::string_view body() const { return shared_ ? std::string_view(*shared_) : std::string_view(body_); }
  std::uint64_t text_left() const { return head_.size() + body().size() - text_sent_; }
  std::uint64_t slice_left() const { return file_end_ - file_at_; }
  bool next_part();
  Result send_text(Transport& transport);
  Result send_slice(Transport& transport, std::uint64_t& budget);

  std::string head_;            ///< and a small body right behind it
  std::size_t head_bytes_ = 0;  ///< of these, the head's
  std::string body_;
  std::shared_ptr<const std::string> shared_;
  std::shared_ptr<const OpenFile> file_;
  std::uint64_t file_at_ = 0, file_end_ = 0;
  std::vector<FileParts::Part> parts_;
  std::size_t next_part_ = 0;
  std::uint64_t text_sent_ = 0;  ///< of head and body
  std::uint64_t total_ = 0, sent_ = 0;
  std::uint64_t file_total_ = 0, file_sent_ = 0;
  std::uint64_t body_sent_ = 0;
};

}  // namespace slipway::http
