// SPDX-License-Identifier: MPL-2.0
// TFTP packets (RFC 1350) with the option extension (RFC 2347): bytes to values and back. It knows no
// option's meaning; tftp/negotiation.h does. Any thread. Bytes that are no packet give a named fault.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace slipway::wire {

enum class TftpOpcode : std::uint16_t { rrq = 1, wrq, data, ack, error, oack };

/// RFC 1350 appendix, RFC 2347 section 4 for the last.
enum class TftpErrorCode : std::uint16_t {
  undefined = 0,
  file_not_found,
  access_violation,
  disk_full,
  illegal_operation,
  unknown_transfer,
  file_exists,
  no_such_user,
  option_refused,
};

struct TftpOption {
  std::string name;   ///< lower case: names are compared without case
  std::string value;  ///< as sent
  friend bool operator==(const TftpOption&, const TftpOption&) = default;
};
using TftpOptions = std::vector<TftpOption>;

/// The value of an option given by its lower-case name, or null.
const std::string* find_option(const TftpOptions& options, std::string_view name);

struct TftpRequest {
  bool write = false;
  std::string filename;  ///< without the 0xFF bytes that some ROMs append
  std::string mode;      ///< lower case: "octet", "netascii", "mail"
  TftpOptions options;   ///< in the order sent
  friend bool operator==(const TftpRequest&, const TftpRequest&) = default;
};
struct TftpData {
  std::uint16_t block = 0;
  ByteView payload;  ///< of the bytes parsed
};
struct TftpAck {
  std::uint16_t block = 0;
  friend bool operator==(const TftpAck&, const TftpAck&) = default;
};
struct TftpError {
  std::uint16_t code = 0;  ///< TftpErrorCode, or what a stranger made up
  std::string text;        ///< as base/printable.h shows it; of at most 255 bytes
  friend bool operator==(const TftpError&, const TftpError&) = default;
};
struct TftpOack {
  TftpOptions options;
  friend bool operator==(const TftpOack&, const TftpOack&) = default;
};
using TftpPacket = std::variant<TftpAck, TftpData, TftpRequest, TftpError, TftpOack>;

enum class TftpFault {
  too_short,  ///< no opcode, or a fixed field is missing
  unknown_opcode,
  unterminated_text,  ///< a NUL is missing
  empty_filename,
  filename_too_long,
  option_without_value,
  option_too_long,
  too_many_options,
  duplicate_option,  ///< RFC 2347: an option is given once
};
std::string_view to_string(TftpFault fault);  ///< "unknown_opcode", as metrics label it

inline constexpr std::size_t max_tftp_filename = 1024;
inline constexpr std::size_t max_tftp_options = 16;
inline constexpr std::size_t max_tftp_option_bytes = 128;  ///< a name or a value

Result<TftpPacket, TftpFault> parse_tftp(ByteView bytes);

Bytes serialize(const TftpRequest& request);
Bytes serialize(const TftpData& data);
Bytes serialize(const TftpAck& ack);
Bytes serialize(const TftpError& error);
Bytes serialize(const TftpOack& oack);

}  // namespace slipway::wire
