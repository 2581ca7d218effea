// SPDX-License-Identifier: MPL-2.0
#include "lease/client_key.h"

#include "base/hex.h"

namespace slipway::lease {

std::optional<ClientKey> ClientKey::from_stored(ByteView bytes) {
  if (bytes.empty()) return ClientKey();
  char tag = static_cast<char>(bytes[0]);
  if (tag != 'm' && tag != 'i') return std::nullopt;
  return ClientKey(tag, bytes.subspan(1));
}

std::uint64_t ClientKey::stable_hash() const {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (std::uint8_t byte : stored()) hash = (hash ^ byte) * 0x100000001b3;
  return hash ^ hash >> 32;
}

std::string ClientKey::to_string() const {
  if (is_nobody()) return "nobody";
  ByteView value = stored().subspan(1);
  return bytes_[0] == 'm' ? "mac " + to_hex(value, ":") : "client id " + to_hex(value);
}

}  // namespace slipway::lease
