// SPDX-License-Identifier: MPL-2.0
#include "server/webhook_signature.h"

#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/hex.h"
#include "base/result.h"

namespace slipway::server {

std::string webhook_signature(std::string_view secret, Instant at, std::string_view body) {
  std::string text = fmt::format("{}.{}", unix_seconds(at), body);
  std::array<std::uint8_t, 32> digest{};
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size))
    throw StartupError("OpenSSL knows no HMAC-SHA256");
  return fmt::format("t={},v1={}", unix_seconds(at), to_hex(digest));
}

}  // namespace slipway::server
