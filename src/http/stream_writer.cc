// SPDX-License-Identifier: MPL-2.0
#include "http/stream_writer.h"

#include <utility>

namespace slipway::http {

bool StreamWriter::write(std::string_view text) {
  if (!open_) return false;
  if (waiting_.size() + text.size() > options_.capacity) {
    waiting_ += options_.too_slow;
    open_ = false;
  } else {
    waiting_ += text;
  }
  if (data_) data_();
  return open_;
}

void StreamWriter::finish() {
  if (!open_) return;
  open_ = false;
  if (data_) data_();
}

std::string StreamWriter::take() {
  return std::exchange(waiting_, {});
}

void StreamWriter::disconnected() {
  open_ = false;
  waiting_.clear();
  data_ = nullptr;
  if (auto callback = std::exchange(closed_, nullptr)) callback();
}

}  // namespace slipway::http
