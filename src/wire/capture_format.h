// SPDX-License-Identifier: MPL-2.0
// The two formats of capture files, as readers over bytes that are there so far. Private to this room.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "wire/pcap.h"

namespace slipway::wire {

struct Frame {
  LinkType link{};
  ByteView bytes;
  Instant at{};
};

/// What a look at the front of the bytes gave.
struct Step {
  std::size_t used = 0;        ///< bytes done with; 0: more are needed
  std::optional<Frame> frame;  ///< none: something else that a capture holds
  std::optional<PcapError> error;
};

class CaptureFormat {
 public:
  virtual ~CaptureFormat() = default;
  virtual Step step(ByteView bytes) = 0;
};

inline constexpr std::size_t longest_frame = 1 << 20;  ///< tcpdump's own limit is a quarter of it

bool is_supported(std::uint32_t link);

/// Classic pcap or pcapng, by its magic number, the first four bytes. Null: neither.
std::unique_ptr<CaptureFormat> capture_format_of(ByteView magic);
std::unique_ptr<CaptureFormat> pcapng_format();

}  // namespace slipway::wire
