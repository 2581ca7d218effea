// SPDX-License-Identifier: MPL-2.0
#include "net/raw_sender.h"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include "base/result.h"

namespace slipway::net {
namespace {

constexpr std::uint8_t udp_protocol = 17;
constexpr std::size_t ip_header = 20, udp_header = 8;
constexpr std::uint8_t time_to_live = 64;

/// RFC 1071. An odd last byte counts as the high one of a pair.
class Checksum {
 public:
  void add(std::uint32_t word) { sum_ += word; }
  void add(Ipv4 address) { sum_ += (address.value >> 16) + (address.value & 0xffff); }
  void add(ByteView bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) sum_ += i % 2 ? bytes[i] : bytes[i] << 8;
  }
  std::uint16_t value() const {
    std::uint64_t folded = sum_;
    while (folded >> 16) folded = (folded & 0xffff) + (folded >> 16);
    return static_cast<std::uint16_t>(~folded);
  }

 private:
  std::uint64_t sum_ = 0;
};

std::uint16_t udp_checksum(const RawDatagram& datagram, std::uint16_t length) {
  Checksum sum;
  sum.add(datagram.from.address);
  sum.add(datagram.to.address);
  sum.add(udp_protocol);
  sum.add(length);  // in the pseudo header
  sum.add(length);  // and in the UDP header
  sum.add(datagram.from.port);
  sum.add(datagram.to.port);
  sum.add(datagram.payload);
  return sum.value() == 0 ? 0xffff : sum.value();  // RFC 768: zero means no checksum
}

void write_ip_header(ByteWriter& frame, const RawDatagram& datagram, std::uint16_t total) {
  ByteWriter header;
  header.u8(0x45);
  header.u8(0);
  header.u16(total);
  header.u16(0);  // identification: never fragmented, RFC 6864
  header.u16(0x4000);
  header.u8(time_to_live);
  header.u8(udp_protocol);
  header.u16(0);
  header.u32(datagram.from.address.value);
  header.u32(datagram.to.address.value);
  Checksum sum;
  sum.add(ByteView(header.view()));
  frame.bytes(ByteView(header.view()).first(10));
  frame.u16(sum.value());
  frame.bytes(ByteView(header.view()).subspan(12));
}

}  // namespace

Bytes ethernet_frame(const RawDatagram& datagram) {
  auto udp_length = static_cast<std::uint16_t>(udp_header + datagram.payload.size());
  ByteWriter frame;
  frame.bytes(datagram.to_mac.bytes);
  frame.bytes(datagram.interface_mac.bytes);
  frame.u16(ETH_P_IP);
  write_ip_header(frame, datagram, static_cast<std::uint16_t>(ip_header + udp_length));
  frame.u16(datagram.from.port);
  frame.u16(datagram.to.port);
  frame.u16(udp_length);
  frame.u16(udp_checksum(datagram, udp_length));
  frame.bytes(datagram.payload);
  return std::move(frame).take();
}

// Protocol 0: the socket receives nothing.
RawSender::RawSender() : fd_(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (fd_) return;
  throw StartupError(std::string("cannot open a packet socket: ") + std::strerror(errno) +
                     "; start as root or with CAP_NET_RAW");
}

boost::system::error_code RawSender::send(const RawDatagram& datagram) {
  constexpr std::size_t largest_payload = 65535 - ip_header - udp_header;
  if (datagram.payload.size() > largest_payload) return {EMSGSIZE, boost::system::system_category()};
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(ETH_P_IP);
  to.sll_ifindex = static_cast<int>(datagram.interface);
  to.sll_halen = ETH_ALEN;
  std::memcpy(to.sll_addr, datagram.to_mac.bytes.data(), ETH_ALEN);
  Bytes frame = ethernet_frame(datagram);
  if (::sendto(fd_.get(), frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) < 0)
    return {errno, boost::system::system_category()};
  return {};
}

}  // namespace slipway::net
