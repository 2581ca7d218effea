// SPDX-License-Identifier: MPL-2.0
// A file as it is behind its compression: iPXE hands multiboot kernels and their archives over as they are,
// and nothing after it unpacks them; and whether one that stays packed is all there. One thread.
#pragma once

#include <memory>
#include <string>

#include "image/gunzip.h"

namespace slipway::image {

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
  /// After a read that failed: what is packed is at fault, and not who gives it.
  enum class Fault { none, ends_early, damaged };
  Fault fault() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace slipway::image
