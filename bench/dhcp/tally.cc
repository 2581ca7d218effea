// SPDX-License-Identifier: MPL-2.0
#include "tally.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::bench {
namespace {

/// In microseconds; the latencies are sorted.
double percentile(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[at] / 1e3;
}

}  // namespace

std::string to_json(Tally& tally) {
  auto& sorted = tally.latencies;
  std::sort(sorted.begin(), sorted.end());
  double seconds = static_cast<double>(tally.elapsed) / 1e9;
  double rate = tally.elapsed > 0 ? static_cast<double>(tally.acked) / seconds : 0;
  return fmt::format(
      R"({{"started": {}, "acked": {}, "naks": {}, "lost": {}, "open": {}, "timeouts": {}, "late": {}, )"
      R"("foreign": {}, "wrong": {}, "shared": {}, "seconds": {:.6f}, "rate": {:.1f}, "volley_ms": {:.3f}, )"
      R"("generator_cpu_s": {:.3f}, "p50_us": {:.1f}, "p90_us": {:.1f}, "p99_us": {:.1f}, "max_us": {:.1f}}})",
      tally.started, tally.acked, tally.naks, tally.lost, tally.open, tally.timeouts, tally.late,
      tally.foreign, tally.wrong, tally.shared, seconds, rate, static_cast<double>(tally.volley) / 1e6,
      tally.cpu, percentile(sorted, 0.5), percentile(sorted, 0.9), percentile(sorted, 0.99),
      percentile(sorted, 1));
}

}  // namespace slipway::bench
