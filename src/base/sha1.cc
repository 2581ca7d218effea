// SPDX-License-Identifier: MPL-2.0
#include "base/sha1.h"

#include <array>

#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/hex.h"
#include "base/result.h"

namespace slipway {

std::string sha1_hex(std::string_view text) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA1", nullptr, text.data(), text.size(), digest.data(), &size) != 1)
    throw StartupError("OpenSSL makes no SHA-1 here: its policy must allow it, as illumos knows no other");
  return to_hex(ByteView(digest).first(size));
}

}  // namespace slipway
