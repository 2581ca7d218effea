// SPDX-License-Identifier: MPL-2.0
#include "base/quantity.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace slipway {

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::string_view units[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 999.95 && unit + 1 < std::size(units); ++unit) value /= 1000;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string human_duration(Duration duration) {
  double seconds = std::max(0.0, std::chrono::duration<double>(duration).count());
  if (seconds < 0.0095) return fmt::format("{:.1f} ms", seconds * 1000);
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 99.5) return fmt::format("{:.1f} s", seconds);
  auto whole = static_cast<std::uint64_t>(seconds);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 48 * 3600) return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {} h", whole / 86400, whole / 3600 % 24);
}

std::uint64_t rate_of(std::uint64_t bytes, Duration took) {
  if (took <= Duration::zero()) return 0;
  double rate = static_cast<double>(bytes) / std::chrono::duration<double>(took).count();
  constexpr double too_large = 18446744073709551616.0;  // 2^64
  return rate < too_large ? static_cast<std::uint64_t>(rate) : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace slipway
