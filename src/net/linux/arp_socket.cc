// SPDX-License-Identifier: MPL-2.0
#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include "base/result.h"
#include "net/arp.h"

namespace slipway::net {
namespace {

constexpr int most_at_once = 64;

/// Requests are broadcast all day; the kernel keeps them from waking us.
void hear_replies_only(int socket) {
  constexpr std::uint32_t operation_at = 6, reply = 2, whole = 0xffff;
  std::array<sock_filter, 4> program{{BPF_STMT(BPF_LD | BPF_H | BPF_ABS, operation_at),
                                      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, reply, 0, 1),
                                      BPF_STMT(BPF_RET | BPF_K, whole), BPF_STMT(BPF_RET | BPF_K, 0)}};
  sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

}  // namespace

ArpSocket::ArpSocket()
    : fd_(::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ARP))) {
  if (!fd_) {
    throw StartupError(std::string("cannot open a packet socket for ARP: ") + std::strerror(errno) +
                       "; start as root or with CAP_NET_RAW");
  }
  hear_replies_only(fd_.get());
}

boost::system::error_code ArpSocket::ask(const ArpQuestion& question) {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(ETH_P_ARP);
  to.sll_ifindex = static_cast<int>(question.interface);
  to.sll_halen = ETH_ALEN;
  std::memset(to.sll_addr, 0xff, ETH_ALEN);
  Bytes packet = arp_request(question);
  if (::sendto(fd_.get(), packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) < 0)
    return {errno, boost::system::system_category()};
  return {};
}

std::vector<ArpReply> ArpSocket::receive() {
  std::vector<ArpReply> heard;
  std::array<std::uint8_t, 128> room{};
  for (int i = 0; i < most_at_once; ++i) {
    sockaddr_ll from{};
    socklen_t from_size = sizeof from;
    ssize_t size =
        ::recvfrom(fd_.get(), room.data(), room.size(), 0, reinterpret_cast<sockaddr*>(&from), &from_size);
    if (size < 0) break;
    auto answer = parse_arp_reply(ByteView(room).first(static_cast<std::size_t>(size)));
    if (!answer) continue;
    answer->interface = static_cast<unsigned>(from.sll_ifindex);
    heard.push_back(*answer);
  }
  return heard;
}

}  // namespace slipway::net
