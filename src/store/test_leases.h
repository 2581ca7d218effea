// SPDX-License-Identifier: MPL-2.0
// Leases and a folder for the tests of this room.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "lease/change.h"

namespace slipway::store {

inline constexpr Instant start = from_unix_seconds(1'800'000'000);

inline lease::ClientKey client(int number) {
  auto low = static_cast<std::uint8_t>(number), high = static_cast<std::uint8_t>(number >> 8);
  return lease::ClientKey::of_mac({{0x52, 0x54, 0, 0, high, low}});
}

inline Ipv4 address(int number) {
  return {0x0a000000u + static_cast<std::uint32_t>(number)};
}

/// 10.0.0.`number` for one hour.
inline lease::Lease lease_of(int number, lease::ClientKey holder, Instant granted = start) {
  lease::Lease lease;
  lease.address = address(number);
  lease.client = std::move(holder);
  lease.subnet = Prefix{{0x0a000000}, 16};
  lease.granted = granted;
  lease.expires = granted + std::chrono::hours(1);
  return lease;
}

inline lease::Change grant(lease::Lease lease) {
  lease::ClientKey by = lease.client;
  return {lease::Change::Kind::grant, std::move(lease), std::move(by), {}};
}

class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "slipway-store-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  TestFolder(const TestFolder&) = delete;
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace slipway::store
