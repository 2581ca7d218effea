// SPDX-License-Identifier: MPL-2.0
// One system call for each datagram: no system but Linux and a few others has more to offer.
#include <array>
#include <vector>

#include "net/udp_message.h"

namespace slipway::net {

struct DatagramBuffer::Slots {
  Slots(std::size_t count, std::size_t size) : slot_size(size), bytes(count * size), datagrams(count) {}

  std::size_t slot_size;
  Bytes bytes;
  std::vector<Datagram> datagrams;
};

DatagramBuffer::DatagramBuffer(std::size_t slots, std::size_t slot_size)
    : slots_(std::make_unique<Slots>(slots, slot_size)) {}
DatagramBuffer::~DatagramBuffer() = default;
std::size_t DatagramBuffer::slots() const {
  return slots_->datagrams.size();
}

namespace {

/// False with errno set where nothing waits.
bool receive_into(int fd, std::span<std::uint8_t> slot, Datagram& datagram) {
  sockaddr_in from{};
  iovec piece{slot.data(), slot.size()};
  alignas(cmsghdr) std::array<char, received_control_size> control;
  msghdr message{};
  message.msg_name = &from;
  message.msg_namelen = sizeof from;
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t size = 0;
  do {
    size = ::recvmsg(fd, &message, MSG_DONTWAIT);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return false;
  datagram = {};
  datagram.bytes = ByteView(slot).first(static_cast<std::size_t>(size));
  datagram.from = to_endpoint(from);
  datagram.truncated = message.msg_flags & MSG_TRUNC;
  read_control(message, datagram);
  return true;
}

}  // namespace

std::span<const Datagram> UdpSocket::receive(DatagramBuffer& buffer) {
  auto& [slot_size, bytes, datagrams] = *buffer.slots_;
  std::size_t count = 0;
  while (count < datagrams.size()) {
    auto slot = std::span(bytes).subspan(count * slot_size, slot_size);
    if (!receive_into(fd_.get(), slot, datagrams[count])) {
      if (count == 0) note_error(0);
      break;
    }
    if (interface_ == 0 || datagrams[count].interface == interface_) ++count;
  }
  return {datagrams.data(), count};
}

std::span<const Datagram> UdpSocket::receive_one(DatagramBuffer& buffer) {
  auto& [slot_size, bytes, datagrams] = *buffer.slots_;
  if (receive_into(fd_.get(), std::span(bytes).first(slot_size), datagrams[0])) return {datagrams.data(), 1};
  note_error(0);
  return {};
}

std::size_t UdpSocket::send_batch(std::span<const Outgoing> datagrams) {
  std::size_t sent = 0;
  Envelope envelope;
  for (const Outgoing& datagram : datagrams) {
    msghdr message = envelope.seal(datagram);
    if (::sendmsg(fd_.get(), &message, MSG_DONTWAIT) < 0) return note_error(sent);
    ++sent;
  }
  return sent;
}

std::size_t UdpSocket::send_train(std::span<const Gather> packets, const Route* route) {
  std::size_t sent = 0;
  Heading heading;
  if (route) heading.address(*route);
  for (const Gather& packet : packets) {
    std::array<iovec, 2> pieces{to_iovec(packet.head), to_iovec(packet.body)};
    msghdr message = heading.over(pieces.data(), pieces.size());
    if (::sendmsg(fd_.get(), &message, MSG_DONTWAIT) < 0) return note_error(sent);
    ++sent;
  }
  return sent;
}

}  // namespace slipway::net
