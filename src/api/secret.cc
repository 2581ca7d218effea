// SPDX-License-Identifier: MPL-2.0
#include "api/secret.h"

#include <array>
#include <cstdint>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/hex.h"
#include "base/result.h"

namespace slipway::api {

std::string new_secret() {
  std::array<std::uint8_t, 32> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw StartupError("OpenSSL gives no random numbers");
  return "slipway_" + to_hex(random);
}

std::string hash_of(std::string_view text) {
  std::array<std::uint8_t, 32> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw StartupError("OpenSSL knows no SHA-256");
  return to_hex(digest);
}

bool same_hash(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace slipway::api
