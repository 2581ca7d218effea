// SPDX-License-Identifier: MPL-2.0
// Digests of streams. Images take two in one pass: SHA-1 is what illumos checks its modules with, SHA-256 is
// what the store names its contents by. One thread at a time. Fails only when the machine does (no memory,
// OpenSSL's policy forbids the algorithm): StartupError.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

struct evp_md_ctx_st;  // of OpenSSL

namespace slipway::image {

enum class Algorithm { md5, sha1, sha256, sha512 };
/// "SHA-256".
std::string_view to_string(Algorithm algorithm);
/// By the number of hexadecimal digits that a digest of it has.
std::optional<Algorithm> algorithm_of(std::string_view digest);

/// One digest of the bytes given so far.
class Hash {
 public:
  explicit Hash(Algorithm algorithm);
  void update(ByteView bytes);
  /// In lower-case digits; it starts afresh.
  std::string finish();

 private:
  struct Deleter {
    void operator()(evp_md_ctx_st* context) const;
  };
  Algorithm algorithm_;
  std::unique_ptr<evp_md_ctx_st, Deleter> context_;
};

struct Digests {
  std::string sha1;    ///< 40 lower-case digits
  std::string sha256;  ///< 64 lower-case digits
  friend bool operator==(const Digests&, const Digests&) = default;
};

/// Both that images are known by, in one pass.
class Digester {
 public:
  void update(ByteView bytes);
  /// Of everything given so far; the digester starts afresh.
  Digests finish();

 private:
  Hash sha1_{Algorithm::sha1}, sha256_{Algorithm::sha256};
};

Digests digests_of(ByteView bytes);

}  // namespace slipway::image
