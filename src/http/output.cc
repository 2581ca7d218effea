// SPDX-License-Identifier: MPL-2.0
#include "http/output.h"

#include <algorithm>
#include <array>

#include "http/response_head.h"

namespace slipway::http {
namespace {

/// A script goes into one buffer with its head: to gather two costs the kernel more than this copy.
constexpr std::size_t copied = 4096;

Output::Result stopped(Transport::Result result) {
  switch (result) {
    case Transport::Result::blocked:
      return Output::Result::blocked;
    case Transport::Result::failed:
      return Output::Result::failed;
    default:
      return Output::Result::gone;
  }
}

}  // namespace

void Output::start(std::string head, Response&& response, bool with_body) {
  clear();
  head_ = std::move(head);
  head_bytes_ = total_ = head_.size();
  if (!with_body) return;
  total_ += body_length(response);
  if (auto* text = std::get_if<std::string>(&response.body)) {
    if (text->size() <= copied) {
      head_ += *text;
    } else {
      body_ = std::move(*text);
    }
  } else if (auto* shared = std::get_if<std::shared_ptr<const std::string>>(&response.body)) {
    if (*shared && (*shared)->size() <= copied) {
      head_ += **shared;
    } else {
      shared_ = std::move(*shared);
    }
  } else if (auto* slice = std::get_if<FileSlice>(&response.body)) {
    file_ = std::move(slice->file);
    file_at_ = slice->offset;
    file_end_ = slice->offset + slice->length;
    file_total_ = slice->length;
  } else if (auto* pieces = std::get_if<FileParts>(&response.body)) {
    file_ = std::move(pieces->file);
    parts_ = std::move(pieces->parts);
    for (const FileParts::Part& part : parts_) file_total_ += part.length;
  }
}

void Output::append(std::string_view text) {
  if (text_left() == 0) {
    head_.clear();
    head_bytes_ = 0;
    body_.clear();
    text_sent_ = 0;
  }
  body_ += text;
  total_ += text.size();
}

void Output::clear() {
  if (total_ == 0) return;
  *this = Output{};
}

Output::Result Output::send(Transport& transport, std::uint64_t budget) {
  do {
    if (text_left() > 0) {
      Result result = send_text(transport);
      if (result != Result::done) return result;
    }
    if (slice_left() > 0) {
      Result result = send_slice(transport, budget);
      if (result != Result::done) return result;
    }
  } while (next_part());
  return Result::done;
}

/// Its text is of the body, for whoever counts.
bool Output::next_part() {
  if (next_part_ == parts_.size()) return false;
  FileParts::Part& part = parts_[next_part_++];
  head_.clear();
  head_bytes_ = 0;
  body_ = std::move(part.text);
  text_sent_ = 0;
  file_at_ = part.offset;
  file_end_ = part.offset + part.length;
  return true;
}

Output::Result Output::send_text(Transport& transport) {
  while (text_left() > 0) {
    std::array<std::string_view, 2> parts{head_, body()};
    std::uint64_t skip = text_sent_;
    for (std::string_view& part : parts) {
      std::uint64_t skipped = std::min<std::uint64_t>(skip, part.size());
      skip -= skipped;
      part.remove_prefix(skipped);
    }
    // With a file behind it the head waits for the first bytes of it: one packet instead of two.
    auto [result, bytes] = transport.send(parts, left() > text_left());
    if (result != Transport::Result::ok) return stopped(result);
    std::uint64_t of_head =
        std::min<std::uint64_t>(bytes, head_bytes_ - std::min<std::uint64_t>(text_sent_, head_bytes_));
    text_sent_ += bytes;
    sent_ += bytes;
    body_sent_ += bytes - of_head;
  }
  return Result::done;
}

Output::Result Output::send_slice(Transport& transport, std::uint64_t& budget) {
  while (slice_left() > 0) {
    if (budget == 0) return Result::paused;
    auto [result, bytes] = transport.send_file(file_->fd.get(), file_at_, std::min(budget, slice_left()));
    if (result != Transport::Result::ok) return stopped(result);
    file_at_ += bytes;
    file_sent_ += bytes;
    sent_ += bytes;
    body_sent_ += bytes;
    budget -= std::min<std::uint64_t>(budget, bytes);
  }
  return Result::done;
}

}  // namespace slipway::http
