// SPDX-License-Identifier: MPL-2.0
// What one client, and all of them together, may cost us.
#pragma once

#include <chrono>
#include <cstddef>

namespace slipway::http {

struct Limits {
  std::size_t header_bytes = 8 * 1024;
  std::size_t target_bytes = 2 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::size_t connections = 12'288;                   ///< ten thousand machines in one instant, and some
  std::size_t connections_per_address = 64;           ///< TCP only
  std::chrono::milliseconds header_deadline{10'000};  ///< from the first byte of a request to its last
  std::chrono::milliseconds idle_deadline{60'000};    ///< between two requests of a connection
  /// A client must take `progress_bytes` in each such stretch while a response is on its way.
  std::chrono::milliseconds progress_deadline{30'000};
  std::size_t progress_bytes = 4 * 1024;
  std::chrono::milliseconds linger{2'000};  ///< how long a closing connection waits for the client's end
};

}  // namespace slipway::http
