// SPDX-License-Identifier: MPL-2.0
// A file as it is behind its compression: iPXE hands multiboot kernels and their archives over as they are,
// and nothing after it unpacks them; and whether one that stays packed is all there. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "image/finding.h"

namespace slipway::image {

/// More of what is packed; empty at its end. Good until the next call.
using Packed = std::function<Result<ByteView, Refusal>()>;

class Unpacked {
 public:
  enum class By { gzip, anything };  ///< what is packed by nothing that is known comes as it is
  /// `what`: the file's name, for sentences.
  Unpacked(Packed packed, std::string what, By by = By::gzip);
  ~Unpacked();
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;

  /// More of it, at most about a megabyte; empty at its end. Good until the next call.
  Result<ByteView, Refusal> read();
  /// After a read that failed: the packed file ends in the middle.
  bool ends_early() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace slipway::image
