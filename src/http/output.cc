// SPDX-License-Identifier: MPL-2.0
#include "http/output.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace slipway::http {
namespace {

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

void Output::start(std::string head, Response&& response, bool with_body) {
  clear();
  head_ = std::move(head);
  if (!with_body) return;
  if (auto* text = std::get_if<std::string>(&response.body)) {
    body_ = std::move(*text);
  } else if (auto* shared = std::get_if<std::shared_ptr<const std::string>>(&response.body)) {
    shared_ = std::move(*shared);
  } else if (auto* slice = std::get_if<FileSlice>(&response.body)) {
    file_ = std::move(slice->file);
    file_at_ = slice->offset;
    file_end_ = slice->offset + slice->length;
  }
}

void Output::append(std::string_view text) {
  if (text_left() == 0) {
    head_.clear();
    body_.clear();
    text_sent_ = 0;
  }
  body_ += text;
}

void Output::clear() {
  *this = Output{};
}

Output::Result Output::send(int socket, std::uint64_t budget) {
  if (text_left() > 0) {
    Result result = send_text(socket);
    if (result != Result::done) return result;
  }
  return file_left() > 0 ? send_file(socket, budget) : Result::done;
}

Output::Result Output::send_text(int socket) {
  while (text_left() > 0) {
    std::array<iovec, 2> parts{};
    std::size_t count = 0;
    std::uint64_t skip = text_sent_;
    for (std::string_view part : {std::string_view(head_), body()}) {
      std::uint64_t skipped = std::min<std::uint64_t>(skip, part.size());
      skip -= skipped;
      part.remove_prefix(skipped);
      if (!part.empty()) parts[count++] = {const_cast<char*>(part.data()), part.size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    // With a file behind it the head waits for the first bytes of it: one packet instead of two.
    ssize_t n = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT | (file_left() > 0 ? MSG_MORE : 0));
    if (n < 0) {
      if (errno == EINTR) continue;
      return would_block() ? Result::blocked : Result::gone;
    }
    auto count_sent = static_cast<std::uint64_t>(n);
    std::uint64_t of_head = std::min(count_sent, head_.size() - std::min(text_sent_, head_.size()));
    text_sent_ += count_sent;
    sent_ += count_sent;
    body_sent_ += count_sent - of_head;
  }
  return Result::done;
}

Output::Result Output::send_file(int socket, std::uint64_t budget) {
  while (file_left() > 0) {
    if (budget == 0) return Result::paused;
    auto offset = static_cast<off_t>(file_at_);
    ssize_t n = ::sendfile(socket, file_->fd.get(), &offset, std::min(budget, file_left()));
    if (n < 0) {
      if (errno == EINTR) continue;
      if (would_block()) return Result::blocked;
      return errno == EPIPE || errno == ECONNRESET || errno == ETIMEDOUT ? Result::gone : Result::failed;
    }
    if (n == 0) return Result::failed;  // cut short under us: the promised length cannot be kept
    auto moved = static_cast<std::uint64_t>(n);
    file_at_ += moved;
    sent_ += moved;
    body_sent_ += moved;
    budget -= std::min(budget, moved);
  }
  return Result::done;
}

}  // namespace slipway::http
