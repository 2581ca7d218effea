// SPDX-License-Identifier: MPL-2.0
// What is behind gzip (RFC 1952), with its checksum and length compared, which libarchive 3.6 does not.
// Members follow each other; what is no member behind the last is ignored, as gzip does. One thread.
#pragma once

#include <functional>
#include <memory>

#include "base/bytes.h"
#include "image/finding.h"

namespace slipway::image {

/// More of what is packed; empty at its end. Good until the next call.
using Packed = std::function<Result<ByteView, Refusal>()>;

bool is_gzip(ByteView head);

class Gunzip {
 public:
  enum class Trouble { none, cut_short, damaged, source };

  explicit Gunzip(Packed packed);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// More of it, at most a megabyte, good until the next call. Empty at the end, and where there is trouble.
  ByteView read();
  Trouble trouble() const;
  /// Of Trouble::source.
  const Refusal& source_refusal() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace slipway::image
