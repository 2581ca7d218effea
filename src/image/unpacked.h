// SPDX-License-Identifier: MPL-2.0
// A file of a source as it is behind gzip: iPXE hands multiboot kernels and their archives over as they are,
// and nothing after it unpacks them. Reads from what it is given, which must outlive it. One thread.
#pragma once

#include <memory>

#include "image/source.h"

namespace slipway::image {

class Unpacked {
 public:
  /// `what`: the file's name, for sentences.
  Unpacked(Source& packed, std::string what);
  ~Unpacked();
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;

  /// More of it, at most about a megabyte; empty at its end. Good until the next call.
  Result<ByteView, Refusal> read();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace slipway::image
