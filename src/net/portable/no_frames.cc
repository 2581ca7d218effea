// SPDX-License-Identifier: MPL-2.0
// No POSIX system call sends or hears a frame: net/abilities.h says so, and whoever asks all the same is
// told.
#include <cerrno>

#include "net/arp.h"
#include "net/packet_tap.h"
#include "net/raw_sender.h"

namespace slipway::net {
namespace {

boost::system::error_code not_supported() {
  return {EOPNOTSUPP, boost::system::system_category()};
}

}  // namespace

RawSender::RawSender() = default;

std::size_t RawSender::send_batch(std::span<const RawDatagram>) {
  error_ = not_supported();
  return 0;
}

PacketTap::PacketTap(std::uint16_t) {}

std::vector<TappedPacket> PacketTap::receive() {
  return {};
}

ArpSocket::ArpSocket() = default;

boost::system::error_code ArpSocket::ask(const ArpQuestion&) {
  return not_supported();
}

std::vector<ArpReply> ArpSocket::receive() {
  return {};
}

}  // namespace slipway::net
