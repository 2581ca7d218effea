// SPDX-License-Identifier: MPL-2.0
#include "walk/http_reply.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/printable.h"
#include "walk/fetch.h"

namespace slipway::walk {
namespace {

constexpr std::size_t most_head_bytes = 16 * 1024;

bool same_name(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool read_number(std::string_view text, int base, std::uint64_t& value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void HttpReply::expect(bool head, bool keep) {
  *this = {};
  state_ = State::head;
  head_ = head;
  keep_ = keep;
}

void HttpReply::fail(std::string why) {
  state_ = State::broken;
  why_ = std::move(why);
}

std::size_t HttpReply::feed(ByteView bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !whole() && !broken()) {
    begun_ = true;
    ByteView rest = bytes.subspan(used);
    bool content = state_ == State::content || state_ == State::until_close || state_ == State::chunk;
    used += content ? take_content(rest) : take_line(rest);
  }
  return used;
}

std::uint64_t HttpReply::skippable() const {
  if (keep_) return 0;
  if (state_ == State::until_close) return std::numeric_limits<std::uint64_t>::max();
  return state_ == State::content || state_ == State::chunk ? left_ : 0;
}

void HttpReply::skipped(std::uint64_t bytes) {
  count(bytes);
}

void HttpReply::closed() {
  if (whole() || broken()) return;
  if (state_ == State::until_close) {
    state_ = State::whole;
    return;
  }
  fail(begun_ ? fmt::format("the HTTP server hung up after {} bytes", bytes_)
              : "the HTTP server hung up without an answer");
}

std::size_t HttpReply::take_line(ByteView bytes) {
  std::string_view text = as_text(bytes);
  std::size_t end = text.find('\n');
  std::size_t used = end == std::string_view::npos ? text.size() : end + 1;
  head_bytes_ += used;
  if (head_bytes_ > most_head_bytes) {
    fail("the HTTP server's head has no end");
    return used;
  }
  line_ += text.substr(0, used);
  if (end == std::string_view::npos) return used;
  line_.pop_back();
  if (line_.ends_with('\r')) line_.pop_back();
  line(std::exchange(line_, {}));
  return used;
}

void HttpReply::line(std::string_view text) {
  switch (state_) {
    case State::head:
      return head_line(text);
    case State::chunk_size:
      return chunk_line(text);
    case State::chunk_end:
      state_ = State::chunk_size;
      if (!text.empty()) fail("a chunk that is longer than it says");
      return;
    case State::trailer:
      if (text.empty()) state_ = State::whole;
      return;
    default:
      return;
  }
}

/// "HTTP/1.1 200 OK" (RFC 9112 §4), then fields, then an empty line.
void HttpReply::head_line(std::string_view text) {
  if (text.empty() && status_) return end_of_head();
  if (status_) return field(text);
  std::uint64_t status = 0;
  bool http = text.size() >= 12 && text.starts_with("HTTP/1.") && text[8] == ' ';
  if (!http || !read_number(text.substr(9, 3), 10, status) || status < 100)
    return fail("not an HTTP answer: '" + printable(text.substr(0, 80)) + "'");
  status_ = static_cast<unsigned>(status);
  keeps_alive_ = text[7] != '0';
}

void HttpReply::field(std::string_view text) {
  std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return fail("a head field without a colon");
  std::string_view name = text.substr(0, colon), value = trimmed(text.substr(colon + 1));
  if (same_name(name, "content-length")) {
    has_length_ = true;
    if (!read_number(value, 10, left_)) fail("a Content-Length that is no number");
  } else if (same_name(name, "transfer-encoding")) {
    chunked_ = same_name(value, "chunked");
    if (!chunked_) fail("Transfer-Encoding: " + printable(value.substr(0, 80)) + " is not read here");
  } else if (same_name(name, "connection")) {
    if (same_name(value, "close")) keeps_alive_ = false;
    if (same_name(value, "keep-alive")) keeps_alive_ = true;
  }
}

void HttpReply::end_of_head() {
  if (status_ < 200) {  // RFC 9110 §15.2: another head follows
    bool head = head_, keep = keep_;
    return expect(head, keep);
  }
  if (head_ || status_ == 204 || status_ == 304) {
    state_ = State::whole;
  } else if (chunked_) {
    state_ = State::chunk_size;
  } else if (has_length_) {
    state_ = left_ ? State::content : State::whole;
  } else {
    keeps_alive_ = false;
    state_ = State::until_close;
  }
}

void HttpReply::chunk_line(std::string_view text) {
  head_bytes_ = 0;
  if (!read_number(trimmed(text.substr(0, text.find(';'))), 16, left_))
    return fail("a chunk without its size");
  state_ = left_ ? State::chunk : State::trailer;
}

std::size_t HttpReply::take_content(ByteView bytes) {
  std::size_t used = bytes.size();
  if (state_ != State::until_close) used = static_cast<std::size_t>(std::min<std::uint64_t>(used, left_));
  if (keep_) {
    std::size_t room = longest_script - std::min(longest_script, text_.size());
    text_ += as_text(bytes.first(std::min(used, room)));
  }
  count(used);
  return used;
}

void HttpReply::count(std::uint64_t bytes) {
  bytes_ += bytes;
  if (state_ == State::until_close) return;
  left_ -= std::min(left_, bytes);
  if (left_) return;
  state_ = state_ == State::chunk ? State::chunk_end : State::whole;
}

}  // namespace slipway::walk
