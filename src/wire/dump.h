// SPDX-License-Identifier: MPL-2.0
// Packets and captures as text for a person: `slipway decode`, the log at debug level, golden files.
// Printable ASCII whatever the packet holds; the same packet gives the same text. Any thread.
#pragma once

#include <string>

#include "wire/dhcp_message.h"
#include "wire/pcap.h"
#include "wire/tftp_packet.h"

namespace slipway::wire {

/// Several lines, each with its line feed: the header, then one line per option and sub-option.
std::string dump_dhcp(const DhcpMessage& message);

/// "DHCPDISCOVER 52:54:00:77:10:01 xid 4ca41b8f, PXEClient:Arch:00000:UNDI:002001, user class iPXE"
std::string dump_dhcp_line(const DhcpMessage& message);

/// One line without line feed: "read undionly.kpxe (octet), tsize 0, blksize 1432".
std::string dump_tftp(const TftpPacket& packet);

/// Every DHCP and TFTP packet of a capture with its time since the first one and its endpoints; what
/// does not parse with the name of the error.
std::string dump_capture(const Capture& capture);

}  // namespace slipway::wire
