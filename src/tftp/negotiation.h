// SPDX-License-Identifier: MPL-2.0
// What a read request asks and what we grant: block size (RFC 2348), transfer size and time-out
// (RFC 2349), window (RFC 7440). Only what was asked is answered (RFC 2347); an option we do not know
// or whose value makes no sense is left out of the answer, as the RFC has it. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "wire/tftp_packet.h"

namespace slipway::tftp {

inline constexpr unsigned default_block_size = 512;
inline constexpr unsigned max_block_size = 65464;     ///< RFC 2348
inline constexpr unsigned headers_size = 20 + 8 + 4;  ///< IPv4, UDP, TFTP

struct Limits {
  unsigned path_mtu = 1500;  ///< blocks are cut to fit; 0: any block size asked is granted
  unsigned max_window = 64;  ///< blocks in flight at most
};

enum class Mode { octet, netascii };

/// What both sides now go by.
struct Terms {
  Mode mode = Mode::octet;
  unsigned block_size = default_block_size;
  unsigned window = 1;
  std::uint64_t size = 0;           ///< of a write, as the client told it; 0: it did not
  std::optional<Duration> timeout;  ///< the client's wish for retransmission
  wire::TftpOptions granted;        ///< the OACK; empty: none is sent
};

/// An ERROR packet instead of a transfer.
struct Refusal {
  wire::TftpErrorCode code = wire::TftpErrorCode::undefined;
  std::string reason;  ///< a sentence, shown on the client's console
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// The transfer mode of a request: octet, netascii; mail is refused (RFC 1350 section 1).
Result<Mode, Refusal> mode_of(const wire::TftpRequest& request);

/// `size` is the number of bytes that will be sent, after any netascii conversion.
Result<Terms, Refusal> negotiate(const wire::TftpRequest& request, std::uint64_t size, const Limits& limits);

/// The same for a write request: the size is the client's word, and only there to be refused when it is more
/// than `most_bytes` (RFC 2349: disk full).
Result<Terms, Refusal> negotiate_write(const wire::TftpRequest& request, std::uint64_t most_bytes,
                                       const Limits& limits);

}  // namespace slipway::tftp
