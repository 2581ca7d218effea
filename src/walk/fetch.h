// SPDX-License-Identifier: MPL-2.0
// A file that a machine wants, how its program asks for it, and what came of it. Values.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "walk/url.h"

namespace slipway::walk {

/// How a program's TFTP client asks, and when it asks again.
struct TftpManner {
  unsigned block_size = 512;  ///< 512: the option is not sent
  unsigned window = 1;        ///< 1: the option is not sent
  bool asks_size = true;      ///< tsize
  bool size_first = false;    ///< a request for the size alone, ended by ERROR 8, then the real one
  Duration first = std::chrono::seconds(4);  ///< before a packet is said again
  bool doubling = false;                     ///< of that time with every try
  unsigned tries = 6;                        ///< of one packet
};

inline constexpr std::size_t longest_script = 64 * 1024;

struct Fetch {
  Url url;
  TftpManner tftp;
  bool head_first = false;  ///< HTTP: HEAD, then GET on the same connection, as UEFI does
  bool keep = false;        ///< the text is wanted, up to `longest_script`
};

struct FetchEnd {
  bool ok = false;
  std::string why;          ///< a sentence without its full stop; empty when it went well
  std::uint64_t bytes = 0;  ///< of content that arrived
  std::uint64_t again = 0;  ///< packets or requests said once more
  std::string text;         ///< where it was wanted
};

}  // namespace slipway::walk
