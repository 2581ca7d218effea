// SPDX-License-Identifier: MPL-2.0
#include "net/raw_sender.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include "base/result.h"
#include "net/udp_socket.h"

namespace slipway::net {
namespace {

constexpr std::size_t largest_payload = 65535 - 20 - 8;  // of a UDP datagram in IPv4
constexpr std::size_t most_at_once = 64;

/// What one frame needs besides its datagram; it must outlive the call.
struct Envelope {
  sockaddr_ll to;
  iovec piece;
  Bytes frame;

  msghdr seal(const RawDatagram& datagram) {
    to = {};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(ETH_P_IP);
    to.sll_ifindex = static_cast<int>(datagram.interface);
    to.sll_halen = ETH_ALEN;
    std::memcpy(to.sll_addr, datagram.to_mac.bytes.data(), ETH_ALEN);
    frame = ethernet_frame(datagram);
    piece = {frame.data(), frame.size()};
    msghdr message{};
    message.msg_name = &to;
    message.msg_namelen = sizeof to;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    return message;
  }
};

}  // namespace

// Protocol 0: the socket receives nothing.
RawSender::RawSender() : fd_(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (fd_) return;
  throw StartupError(std::string("cannot open a packet socket: ") + std::strerror(errno) +
                     "; start as root or with CAP_NET_RAW");
}

std::size_t RawSender::send_batch(std::span<const RawDatagram> datagrams) {
  std::array<Envelope, most_at_once> envelopes;
  std::array<mmsghdr, most_at_once> messages;
  std::size_t sent = 0;
  while (sent < datagrams.size()) {
    std::size_t count = 0;
    for (const RawDatagram& datagram :
         datagrams.subspan(sent).first(std::min(most_at_once, datagrams.size() - sent))) {
      if (datagram.bytes.size() > largest_payload) break;
      messages[count] = {envelopes[count].seal(datagram), 0};
      ++count;
    }
    int taken = count == 0 ? -1 : ::sendmmsg(fd_.get(), messages.data(), static_cast<unsigned>(count), 0);
    if (taken < 0) {
      error_ = {count == 0 ? EMSGSIZE : errno, boost::system::system_category()};
      if (would_block(error_)) error_ = {};
      break;
    }
    sent += static_cast<std::size_t>(taken);
  }
  return sent;
}

}  // namespace slipway::net
