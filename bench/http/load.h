// SPDX-License-Identifier: MPL-2.0
// A load of HTTP clients for the bench: so many connections that ask for one file again and again, and one
// more that asks for a small one meanwhile. Bodies are thrown away in the kernel (MSG_TRUNC), so that the
// server is what is measured. One thread; knows keep-alive and Content-Length and no more of HTTP.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/unique_fd.h"

namespace slipway::bench {

using Clock = std::chrono::steady_clock;

struct LoadPlan {
  Endpoint server;
  Ipv4 first_source;  ///< clients have the addresses from here on
  std::uint32_t sources = 1;
  std::uint32_t connections = 1;
  std::string path = "/";
  std::string small_path;  ///< empty: nobody asks for a small file
  std::chrono::duration<double> length{5};
};

struct Tally {
  double seconds = 0;
  std::uint64_t bytes = 0;            ///< of bodies
  std::uint64_t answers = 0;          ///< whole ones
  std::uint64_t failed = 0;           ///< connections that ended, and answers that were not 200
  std::uint64_t least = 0, most = 0;  ///< bytes of one connection
  std::vector<double> small_us;       ///< how long each small file took
};

/// Throws std::system_error when there are no descriptors or addresses.
Tally run_load(const LoadPlan& plan);

}  // namespace slipway::bench
