// SPDX-License-Identifier: MPL-2.0
// What an HTTP/1.1 server says, read as it comes (RFC 9112): heads, then content by length, in chunks or
// until the connection ends. Content is counted, not stored, but for a text's beginning where that is
// wanted. Bounded heads. One reply after another on one connection. Pure; one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace slipway::walk {

class HttpReply {
 public:
  enum class State { head, content, until_close, chunk_size, chunk, chunk_end, trailer, whole, broken };

  /// Before each request. `head`: no content follows whatever the head says; `keep`: its text is wanted.
  void expect(bool head, bool keep);

  /// The bytes that belong to this reply; what is over was not asked for.
  std::size_t feed(ByteView bytes);
  /// So many bytes may be thrown away unseen and told by `skipped`.
  std::uint64_t skippable() const;
  void skipped(std::uint64_t count);
  /// The connection has ended.
  void closed();

  bool whole() const { return state_ == State::whole; }
  bool broken() const { return state_ == State::broken; }
  bool begun() const { return begun_; }
  const std::string& why() const { return why_; }
  unsigned status() const { return status_; }
  std::uint64_t bytes() const { return bytes_; }
  bool keeps_alive() const { return keeps_alive_; }
  std::string take_text() { return std::move(text_); }

 private:
  std::size_t take_line(ByteView bytes);
  void line(std::string_view text);
  void head_line(std::string_view text);
  void field(std::string_view text);
  void end_of_head();
  void chunk_line(std::string_view text);
  std::size_t take_content(ByteView bytes);
  void count(std::uint64_t bytes);
  void fail(std::string why);

  State state_ = State::whole;
  bool head_ = false, keep_ = false, begun_ = false, keeps_alive_ = true, chunked_ = false,
       has_length_ = false;
  unsigned status_ = 0;
  std::uint64_t left_ = 0, bytes_ = 0;
  std::size_t head_bytes_ = 0;
  std::string line_, text_, why_;
};

}  // namespace slipway::walk
