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
#include "net/checksum.h"
#include "net/udp_socket.h"

namespace slipway::net {
namespace {

constexpr std::uint8_t udp_protocol = 17;
constexpr std::size_t ip_header = 20, udp_header = 8;
constexpr std::uint8_t time_to_live = 64;
constexpr std::size_t largest_payload = 65535 - ip_header - udp_header;
constexpr std::size_t most_at_once = 64;

std::uint16_t udp_checksum(const RawDatagram& datagram, std::uint16_t length) {
  Checksum sum;
  sum.add(datagram.from.address);
  sum.add(datagram.to.address);
  sum.add(udp_protocol);
  sum.add(length);  // in the pseudo header
  sum.add(length);  // and in the UDP header
  sum.add(datagram.from.port);
  sum.add(datagram.to.port);
  sum.add(datagram.bytes);
  return sum.value() == 0 ? 0xffff : sum.value();  // RFC 768: zero means no checksum
}

void write_ip_header(ByteWriter& out, const RawDatagram& datagram, std::uint16_t total) {
  constexpr std::uint16_t version_and_length = 0x4500, no_fragments = 0x4000;
  constexpr std::uint16_t life_and_protocol = time_to_live << 8 | udp_protocol;
  Checksum sum;
  for (std::uint16_t word : {version_and_length, total, no_fragments, life_and_protocol}) sum.add(word);
  sum.add(datagram.from.address);
  sum.add(datagram.to.address);
  out.u16(version_and_length);
  out.u16(total);
  out.u16(0);  // identification: never fragmented, RFC 6864
  out.u16(no_fragments);
  out.u16(life_and_protocol);
  out.u16(sum.value());
  out.u32(datagram.from.address.value);
  out.u32(datagram.to.address.value);
}

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

Bytes ethernet_frame(const RawDatagram& datagram) {
  auto udp_length = static_cast<std::uint16_t>(udp_header + datagram.bytes.size());
  ByteWriter head;
  head.bytes(datagram.to_mac.bytes);
  head.bytes(datagram.interface_mac.bytes);
  head.u16(ETH_P_IP);
  write_ip_header(head, datagram, static_cast<std::uint16_t>(ip_header + udp_length));
  head.u16(datagram.from.port);
  head.u16(datagram.to.port);
  head.u16(udp_length);
  head.u16(udp_checksum(datagram, udp_length));
  Bytes frame;
  frame.reserve(head.size() + datagram.bytes.size());
  frame.insert(frame.end(), head.view().begin(), head.view().end());
  frame.insert(frame.end(), datagram.bytes.begin(), datagram.bytes.end());
  return frame;
}

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
