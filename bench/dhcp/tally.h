// SPDX-License-Identifier: MPL-2.0
// What came of a load: counts, times, and the one line of JSON that says so.
#pragma once

#include <string>
#include <vector>

#include "population.h"

namespace slipway::bench {

struct Tally {
  std::uint64_t started = 0;  ///< exchanges
  std::uint64_t acked = 0;    ///< of these: ended with an ACK
  std::uint64_t naks = 0;
  std::uint64_t lost = 0;      ///< given up: no answer, no patience left
  std::uint64_t open = 0;      ///< under way when time was up
  std::uint64_t timeouts = 0;  ///< messages said again
  std::uint64_t late = 0;      ///< answers to a question that was answered already
  std::uint64_t foreign = 0;   ///< datagrams that are no answer to any of ours
  std::uint64_t wrong = 0;     ///< an ACK for another address, an answer for another MAC, one without address
  std::uint64_t shared = 0;    ///< clients with an address that another has, too
  Nanoseconds elapsed = 0;     ///< from the first word to the last ACK
  Nanoseconds volley = 0;      ///< how long it took to say the first word of all
  double cpu = 0;              ///< seconds that the generator itself used
  std::vector<std::uint32_t> latencies;  ///< nanoseconds of each whole exchange
};

/// Sorts the latencies.
std::string to_json(Tally& tally);

}  // namespace slipway::bench
