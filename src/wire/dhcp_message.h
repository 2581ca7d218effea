// SPDX-License-Identifier: MPL-2.0
// One DHCP or BOOTP message as a value (RFC 951, RFC 2131 §2). `parse` is the only door in, `serialize`
// the only door out; neither keeps state, reads a clock or throws. Options arrive joined (RFC 3396) and
// with `file` and `sname` read where option 52 says they hold options.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"
#include "wire/dhcp_options.h"

namespace slipway::wire {

enum class Op : std::uint8_t { boot_request = 1, boot_reply = 2 };

/// Why bytes are not a DHCP message. Each is a counted drop reason.
enum class DhcpError {
  too_short,        ///< fewer bytes than the fixed header
  too_long,         ///< more than a datagram of ours ever holds
  bad_op,           ///< neither request nor reply
  bad_hlen,         ///< hlen over 16
  wrong_cookie,     ///< RFC 2132 §2; a BOOTP vendor area of zeros is in order
  option_past_end,  ///< an option's length runs over the end of its area
  bad_overload,     ///< option 52 with a value other than 1, 2, 3
};
std::string_view to_string(DhcpError error);  ///< snake_case, as in metrics

inline constexpr std::uint16_t dhcp_server_port = 67, dhcp_client_port = 68, proxy_dhcp_port = 4011;
inline constexpr std::uint16_t broadcast_flag = 0x8000;
inline constexpr std::size_t min_dhcp_size = 300;     ///< RFC 1542 §2.1: a BOOTP message is no shorter
inline constexpr std::size_t default_max_size = 576;  ///< RFC 2131 §2, whole IP datagram
inline constexpr std::size_t ip_udp_overhead = 28;
inline constexpr std::size_t max_dhcp_size = 4096;  ///< longer than any link's frame that carries one

struct DhcpMessage {
  Op op = Op::boot_request;
  std::uint8_t htype = 1;
  std::uint8_t hlen = 6;
  std::uint8_t hops = 0;
  std::uint32_t xid = 0;
  std::uint16_t secs = 0;
  std::uint16_t flags = 0;
  Ipv4 ciaddr, yiaddr, siaddr, giaddr;
  std::array<std::uint8_t, 16> chaddr{};
  std::string sname;  ///< up to the NUL, at most 63 bytes; empty when option 52 gave it to options
  std::string file;   ///< the same, at most 127 bytes
  Options options;

  /// The Ethernet address, where htype and hlen say that chaddr is one (infiniband and others: none).
  std::optional<MacAddress> mac() const;
  void set_mac(const MacAddress& mac);
  bool wants_broadcast() const { return (flags & broadcast_flag) != 0; }
  bool is_bootp() const { return !options.has(opt::MessageType::code); }
  friend bool operator==(const DhcpMessage& a, const DhcpMessage& b);
};

Result<DhcpMessage, DhcpError> parse_dhcp(ByteView datagram);

/// The bytes of a message of at most `max_size` bytes of UDP payload (from option 57: value - 28), and
/// not below 300. Option 53 comes first. Long options are split (RFC 3396); what does not fit the option
/// field goes to `file`, then `sname`, by option 52 where these are empty and the message is DHCP; what
/// fits nowhere is left out and named. Option 52 belongs to the encoding: one in `options` goes out only
/// where the fields it speaks of are empty. Option 82 is written last (RFC 3046 §2.2), then END; padded to
/// 300 bytes. No PAD between.
struct Serialized {
  Bytes bytes;
  std::vector<std::uint8_t> left_out;  ///< codes of options that did not fit
};
Serialized serialize(const DhcpMessage& message, std::size_t max_size = default_max_size - ip_udp_overhead);

}  // namespace slipway::wire
