// SPDX-License-Identifier: MPL-2.0
#include "net/packet_tap.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include "base/result.h"

namespace slipway::net {
namespace {

constexpr int most_at_once = 32;
constexpr std::size_t longest = 2048;

/// UDP, not a later fragment, to this port. The packet begins with its IPv4 header.
bool hear_only(int socket, std::uint16_t port) {
  constexpr std::uint32_t protocol_at = 9, fragment_at = 6, offset_bits = 0x1fff, port_behind_header = 2,
                          whole = 0xffff;
  std::array<sock_filter, 9> program{{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, protocol_at),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6),
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, fragment_at),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, offset_bits, 4, 0),
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),  // the header's length
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, port_behind_header),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, whole),
      BPF_STMT(BPF_RET | BPF_K, 0),
  }};
  sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

}  // namespace

// Protocol 0 at first: nothing is heard before the filter is in place.
PacketTap::PacketTap(std::uint16_t udp_port)
    : fd_(::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  sockaddr_ll everywhere{};
  everywhere.sll_family = AF_PACKET;
  everywhere.sll_protocol = htons(ETH_P_IP);
  if (fd_ && hear_only(fd_.get(), udp_port) &&
      ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&everywhere), sizeof everywhere) == 0) {
    return;
  }
  throw StartupError(std::string("cannot listen for other DHCP servers: ") + std::strerror(errno) +
                     "; start as root or with CAP_NET_RAW");
}

std::vector<TappedPacket> PacketTap::receive() {
  std::vector<TappedPacket> heard;
  for (int i = 0; i < most_at_once; ++i) {
    TappedPacket packet;
    packet.bytes.resize(longest);
    sockaddr_ll from{};
    socklen_t from_size = sizeof from;
    ssize_t size = ::recvfrom(fd_.get(), packet.bytes.data(), packet.bytes.size(), 0,
                              reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 0) break;
    if (from.sll_pkttype == PACKET_OUTGOING || from.sll_halen != ETH_ALEN) continue;
    packet.bytes.resize(static_cast<std::size_t>(size));
    packet.interface = static_cast<unsigned>(from.sll_ifindex);
    std::memcpy(packet.from.bytes.data(), from.sll_addr, ETH_ALEN);
    heard.push_back(std::move(packet));
  }
  return heard;
}

}  // namespace slipway::net
