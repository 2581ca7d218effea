// SPDX-License-Identifier: MPL-2.0
// Packets and captures as text for a person: `slipway decode`, the log at debug level, golden files.
// Printable ASCII whatever the packet holds; the same packet gives the same text. Any thread.
#pragma once

#include <string>
#include <vector>

#include "wire/capture_sieve.h"
#include "wire/dhcp_message.h"
#include "wire/pcap.h"
#include "wire/tftp_packet.h"

namespace slipway::wire {

/// Several lines, each with its line feed: the header, then one line per option and sub-option.
std::string dump_dhcp(const DhcpMessage& message);

/// "DHCPDISCOVER", "BOOTREQUEST"; every message has a name.
std::string kind_of(const DhcpMessage& message);
/// chaddr as a MAC address, or as its bytes with the hardware type.
std::string hardware_address(const DhcpMessage& message);
/// What an option's bytes mean beyond their type, in the light of the message they are in: a line each.
std::vector<std::string> option_meaning(std::uint8_t code, ByteView value, const DhcpMessage& message);

/// "DHCPDISCOVER 52:54:00:77:10:01 xid 4ca41b8f, PXEClient:Arch:00000:UNDI:002001, user class iPXE"
std::string dump_dhcp_line(const DhcpMessage& message);

/// One line without line feed: "read undionly.kpxe (octet), tsize 0, blksize 1432".
std::string dump_tftp(const TftpPacket& packet);

/// A DHCP or TFTP packet of a capture with its time since the first one and its endpoints; what does not
/// parse with the name of the error; a part of a split datagram by its offset. Empty for any other packet.
std::string dump_packet(const Packet& packet, CaptureSieve& sieve);
/// All that is there of a capture by now, packet by packet.
std::string dump_capture(CaptureStream& capture, CaptureSieve& sieve);

}  // namespace slipway::wire
