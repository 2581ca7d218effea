// SPDX-License-Identifier: MPL-2.0
// A connection whose response is a stream: what is written to it goes out, until either side ends it.
#include <fmt/format.h>

#include "http/connection.h"
#include "http/server_core.h"

namespace slipway::http {

void Connection::attach_stream(std::shared_ptr<StreamWriter> writer) {
  writer_ = std::move(writer);
  discarded_ = 0;
  // Posted, not called: whoever writes to many followers must not see one vanish in the middle.
  writer_->on_data([weak = weak_from_this()] {
    auto self = weak.lock();
    if (!self || self->flush_posted_ || self->state_ == State::closed) return;
    self->flush_posted_ = true;
    self->core_->reactor().post([self] {
      self->flush_posted_ = false;
      if (self->state_ == State::streaming) self->flush_stream();
    });
  });
  in_.clear();
  watch_.want_read(true);  // to learn that the client went
}

/// Called when nothing is on its way.
void Connection::flush_stream() {
  std::string text = writer_->take();
  if (text.empty() && !writer_->finished()) {
    state_ = State::streaming;
    return;
  }
  if (!text.empty()) {
    output_.append(framing_ == Framing::chunked ? fmt::format("{:x}\r\n{}\r\n", text.size(), text) : text);
  }
  if (writer_->finished()) {
    if (framing_ == Framing::chunked) output_.append("0\r\n\r\n");
    std::exchange(writer_, nullptr)->disconnected();
  }
  state_ = State::sending;
  set_deadline(core_->limits().progress_deadline);
  taken_at_mark_ = taken_by_client();
  pump();
}

}  // namespace slipway::http
