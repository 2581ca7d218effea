// SPDX-License-Identifier: MPL-2.0
// iPXE's settings as one machine has them: what its network told, what its script set. They outlive a
// script, as iPXE's do. Pure; a setting that is not there is empty.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/address.h"

namespace slipway::walk {

/// What a machine knows before its script runs.
struct Facts {
  MacAddress mac;
  Uuid uuid;
  Ipv4 address, next_server;
  std::string filename;
  bool efi = false;
};

class Settings {
 public:
  explicit Settings(const Facts& facts);

  void set(std::string_view name, std::string value);
  /// By name with an optional type, "net0/mac:hexhyp". Scopes are one: a machine has one card.
  std::string get(std::string_view name) const;
  /// Every ${...} replaced, from the innermost outwards as iPXE does. Bounded in length.
  std::string expand(std::string text) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
  MacAddress mac_;
};

}  // namespace slipway::walk
