// SPDX-License-Identifier: MPL-2.0
#include "image/digest.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/hex.h"
#include "base/result.h"

namespace slipway::image {
namespace {

constexpr std::array all{Algorithm::md5, Algorithm::sha1, Algorithm::sha256, Algorithm::sha512};

const EVP_MD* method_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::md5:
      return EVP_md5();
    case Algorithm::sha1:
      return EVP_sha1();
    case Algorithm::sha256:
      return EVP_sha256();
    case Algorithm::sha512:
      return EVP_sha512();
  }
  std::abort();
}

void check(bool done, Algorithm algorithm) {
  if (!done)
    throw StartupError(
        fmt::format("OpenSSL does not compute {0}: its policy must allow {0}", to_string(algorithm)));
}

}  // namespace

std::string_view to_string(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::md5:
      return "MD5";
    case Algorithm::sha1:
      return "SHA-1";
    case Algorithm::sha256:
      return "SHA-256";
    case Algorithm::sha512:
      return "SHA-512";
  }
  std::abort();
}

std::optional<Algorithm> algorithm_of(std::string_view digest) {
  if (digest.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) return std::nullopt;
  for (Algorithm algorithm : all) {
    if (digest.size() == 2 * static_cast<std::size_t>(EVP_MD_get_size(method_of(algorithm))))
      return algorithm;
  }
  return std::nullopt;
}

void Hash::Deleter::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Hash::Hash(Algorithm algorithm) : algorithm_(algorithm), context_(EVP_MD_CTX_new()) {
  check(context_ && EVP_DigestInit_ex(context_.get(), method_of(algorithm_), nullptr), algorithm_);
}

void Hash::update(ByteView bytes) {
  check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()), algorithm_);
}

std::string Hash::finish() {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  check(EVP_DigestFinal_ex(context_.get(), digest.data(), &length) &&
            EVP_DigestInit_ex(context_.get(), method_of(algorithm_), nullptr),
        algorithm_);
  return to_hex(ByteView(digest).first(length));
}

void Digester::update(ByteView bytes) {
  sha1_.update(bytes);
  sha256_.update(bytes);
}

Digests Digester::finish() {
  return {sha1_.finish(), sha256_.finish()};
}

Digests digests_of(ByteView bytes) {
  Digester digester;
  digester.update(bytes);
  return digester.finish();
}

}  // namespace slipway::image
