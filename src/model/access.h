// SPDX-License-Identifier: MPL-2.0
// Who may use the management API with a token, and what was done through it. Plain values.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace slipway::model {

enum class Scope { read, write };

inline std::string_view to_string(Scope scope) {
  return scope == Scope::write ? "write" : "read";
}
inline std::optional<Scope> parse_scope(std::string_view text) {
  if (text == "read") return Scope::read;
  return text == "write" ? std::optional(Scope::write) : std::nullopt;
}

/// A token as it is kept: what its holder shows is not in it.
struct Token {
  std::string name;
  Scope scope = Scope::read;
  std::string hash;  ///< SHA-256 of the secret, 64 lower-case digits
  Instant created{};
  std::optional<Instant> expires;  ///< absent: good until it is revoked

  bool good(Instant now) const { return !expires || now < *expires; }
};

/// One change that was asked for through the API, and what came of it.
struct AuditEntry {
  std::uint64_t number = 0;
  Instant at{};
  std::string who;   ///< "token rack", "uid 0"
  std::string from;  ///< "192.0.2.7", "pid 4711"
  std::string what;  ///< "DELETE /api/v1/leases/10.0.0.20"
  int status = 0;
  std::string outcome;  ///< the sentence of the answer
};

struct Access {
  std::vector<Token> tokens;     ///< by name
  std::deque<AuditEntry> audit;  ///< the newest, oldest first
};

inline constexpr std::size_t most_tokens = 256;
inline constexpr std::size_t most_audit = 5000;

}  // namespace slipway::model
