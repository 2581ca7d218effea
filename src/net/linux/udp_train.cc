// SPDX-License-Identifier: MPL-2.0
// Trains: packets to one peer in as few calls as the kernel allows.
#include <algorithm>
#include <array>
#include <cerrno>

#include <netinet/udp.h>

#include "net/udp_message.h"

namespace slipway::net {
namespace {

constexpr std::size_t most_segments = 64;       // UDP_MAX_SEGMENTS before Linux 6.9
constexpr std::size_t most_copied = 2048;       // a full Ethernet frame, and then some
constexpr std::size_t largest_payload = 65507;  // of one IPv4 datagram, and of one segmented send

/// How many of the first packets one segmented send may carry: equal sizes, the last may be shorter.
std::size_t train_length(std::span<const Gather> packets) {
  std::size_t segment = packets[0].size(), total = 0, count = 0;
  for (const Gather& packet : packets) {
    total += packet.size();
    if (count == most_segments || total > largest_payload || packet.size() > segment) break;
    ++count;
    if (packet.size() < segment) break;
  }
  return count;
}

/// `segment` 0: the messages are datagrams as they are.
Heading heading_of(const Route* route, std::size_t segment) {
  Heading heading;
  if (route) heading.address(*route);
  if (segment != 0) heading.add(IPPROTO_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(segment));
  return heading;
}

/// Larger than the path's MTU, or a device that leaves checksums to us: datagrams one by one still work.
bool cannot_segment(const boost::system::error_code& error) {
  return error.value() == EINVAL || error.value() == EIO || error.value() == EMSGSIZE;
}

}  // namespace

/// To the connected peer. To gather two pieces costs the kernel more than this copy.
std::size_t UdpSocket::send_one(const Gather& packet) {
  std::array<std::uint8_t, most_copied> bytes;
  auto end = std::copy(packet.head.begin(), packet.head.end(), bytes.begin());
  std::copy(packet.body.begin(), packet.body.end(), end);
  return ::send(fd_.get(), bytes.data(), packet.size(), MSG_DONTWAIT) < 0 ? note_error(0) : 1;
}

std::size_t UdpSocket::send_train(std::span<const Gather> packets, const Route* route) {
  if (packets.size() == 1 && !route && packets[0].size() <= most_copied) return send_one(packets[0]);
  std::size_t sent = 0;
  bool segments = segments_;
  while (sent < packets.size()) {
    std::span<const Gather> rest = packets.subspan(sent);
    std::size_t length = segments ? train_length(rest) : 0;
    std::size_t taken = length > 1 ? send_segmented(rest.first(length), route) : send_each(rest, route);
    if (taken == 0 && length > 1 && cannot_segment(error_)) {
      take_error();
      segments = false;
      if (!route) segments_ = false;  // the peer stays; other routes may do better
      continue;
    }
    if (taken == 0) break;
    sent += taken;
  }
  return sent;
}

std::size_t UdpSocket::send_segmented(std::span<const Gather> packets, const Route* route) {
  std::array<iovec, 2 * most_segments> pieces;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    pieces[2 * i] = to_iovec(packets[i].head);
    pieces[2 * i + 1] = to_iovec(packets[i].body);
  }
  Heading heading = heading_of(route, packets[0].size());
  msghdr message = heading.over(pieces.data(), 2 * packets.size());
  return ::sendmsg(fd_.get(), &message, MSG_DONTWAIT) < 0 ? note_error(0) : packets.size();
}

std::size_t UdpSocket::send_each(std::span<const Gather> packets, const Route* route) {
  packets = packets.first(std::min(packets.size(), most_segments));
  std::array<iovec, 2 * most_segments> pieces;
  std::array<mmsghdr, most_segments> messages;
  Heading heading = heading_of(route, 0);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    pieces[2 * i] = to_iovec(packets[i].head);
    pieces[2 * i + 1] = to_iovec(packets[i].body);
    messages[i] = {heading.over(&pieces[2 * i], 2), 0};
  }
  int taken = ::sendmmsg(fd_.get(), messages.data(), static_cast<unsigned>(packets.size()), MSG_DONTWAIT);
  return taken < 0 ? note_error(0) : static_cast<std::size_t>(taken);
}

}  // namespace slipway::net
