// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <array>
#include <vector>

#include "net/udp_message.h"

namespace slipway::net {

struct DatagramBuffer::Slots {
  struct Slot {
    sockaddr_in from;
    iovec piece;
    alignas(cmsghdr) std::array<char, received_control_size> control;
  };

  Slots(std::size_t count, std::size_t size)
      : bytes(count * size), slots(count), messages(count), datagrams(count) {
    for (std::size_t i = 0; i < count; ++i) {
      slots[i].piece = {bytes.data() + i * size, size};
      msghdr& message = messages[i].msg_hdr;
      message.msg_name = &slots[i].from;
      message.msg_iov = &slots[i].piece;
      message.msg_iovlen = 1;
      message.msg_control = slots[i].control.data();
      reset(i);
    }
  }

  void reset(std::size_t i) {
    messages[i].msg_hdr.msg_namelen = sizeof(sockaddr_in);
    messages[i].msg_hdr.msg_controllen = received_control_size;
  }

  void read(std::size_t i) {
    msghdr& message = messages[i].msg_hdr;
    Datagram& datagram = datagrams[i];
    datagram = {};
    datagram.bytes = {static_cast<const std::uint8_t*>(slots[i].piece.iov_base), messages[i].msg_len};
    datagram.from = to_endpoint(slots[i].from);
    datagram.truncated = message.msg_flags & MSG_TRUNC;
    read_control(message, datagram);
  }

  Bytes bytes;
  std::vector<Slot> slots;
  std::vector<mmsghdr> messages;
  std::vector<Datagram> datagrams;
};

DatagramBuffer::DatagramBuffer(std::size_t slots, std::size_t slot_size)
    : slots_(std::make_unique<Slots>(slots, slot_size)) {}
DatagramBuffer::~DatagramBuffer() = default;
std::size_t DatagramBuffer::slots() const {
  return slots_->messages.size();
}

std::span<const Datagram> UdpSocket::receive(DatagramBuffer& buffer) {
  auto& [bytes, slots, messages, datagrams] = *buffer.slots_;
  int count = 0;
  do {
    count =
        ::recvmmsg(fd_.get(), messages.data(), static_cast<unsigned>(messages.size()), MSG_DONTWAIT, nullptr);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    note_error(0);
    return {};
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    buffer.slots_->read(i);
    buffer.slots_->reset(i);
  }
  return {datagrams.data(), static_cast<std::size_t>(count)};
}

std::span<const Datagram> UdpSocket::receive_one(DatagramBuffer& buffer) {
  auto& [bytes, slots, messages, datagrams] = *buffer.slots_;
  const iovec& piece = slots[0].piece;
  ssize_t size = 0;
  do {
    size = ::recv(fd_.get(), piece.iov_base, piece.iov_len, MSG_DONTWAIT | MSG_TRUNC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) {
    note_error(0);
    return {};
  }
  auto whole = static_cast<std::size_t>(size);
  datagrams[0] = {};
  datagrams[0].bytes = {static_cast<const std::uint8_t*>(piece.iov_base), std::min(whole, piece.iov_len)};
  datagrams[0].truncated = whole > piece.iov_len;
  return {datagrams.data(), 1};
}

std::size_t UdpSocket::send_batch(std::span<const Outgoing> datagrams) {
  std::array<Envelope, 64> envelopes;
  std::array<mmsghdr, 64> messages;
  std::size_t sent = 0;
  while (sent < datagrams.size()) {
    std::size_t count = std::min(envelopes.size(), datagrams.size() - sent);
    for (std::size_t i = 0; i < count; ++i) messages[i] = {envelopes[i].seal(datagrams[sent + i]), 0};
    int taken = ::sendmmsg(fd_.get(), messages.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
    if (taken < 0) return note_error(sent);
    sent += static_cast<std::size_t>(taken);
  }
  return sent;
}

}  // namespace slipway::net
