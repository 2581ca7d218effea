// SPDX-License-Identifier: MPL-2.0
// SHA-1 and SHA-256 of a stream in one pass: the first is what illumos checks its modules with, the
// second is what the store names its contents by. One thread at a time. Fails only when the machine does
// (no memory, no SHA-1 in OpenSSL's policy): StartupError.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"

namespace slipway::image {

struct Digests {
  std::string sha1;    ///< 40 lower-case digits
  std::string sha256;  ///< 64 lower-case digits
  friend bool operator==(const Digests&, const Digests&) = default;
};

class Digester {
 public:
  Digester();
  ~Digester();
  Digester(Digester&&) noexcept;
  Digester& operator=(Digester&&) noexcept;

  void update(ByteView bytes);
  /// Of everything given so far; the digester starts afresh.
  Digests finish();

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

Digests digests_of(ByteView bytes);

}  // namespace slipway::image
