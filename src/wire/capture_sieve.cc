// SPDX-License-Identifier: MPL-2.0
#include "wire/capture_sieve.h"

#include "wire/dhcp_message.h"

namespace slipway::wire {
namespace {

constexpr std::uint16_t tftp_port = 69;

bool is_dhcp(const Datagram& datagram) {
  auto ours = [](std::uint16_t port) {
    return port == dhcp_server_port || port == dhcp_client_port || port == proxy_dhcp_port;
  };
  return ours(datagram.from.port) || ours(datagram.to.port);
}

}  // namespace

std::optional<CaptureSieve::Kept> CaptureSieve::sift(const Packet& packet) {
  if (!packet.datagram && !packet.fragment) return std::nullopt;
  Instant at = packet.datagram ? packet.datagram->at : packet.fragment->at;
  if (!began_) began_ = at;
  if (packet.fragment) return Kept{Protocol::fragment, at - *began_};
  if (is_dhcp(*packet.datagram)) return Kept{Protocol::dhcp, at - *began_};
  if (is_tftp(*packet.datagram)) return Kept{Protocol::tftp, at - *began_};
  return std::nullopt;
}

bool CaptureSieve::is_tftp(const Datagram& datagram) {
  constexpr std::size_t most_clients = 65536;
  if (datagram.to.port == tftp_port) {
    if (tftp_clients_.size() >= most_clients) tftp_clients_.clear();
    tftp_clients_.insert(datagram.from);
  }
  return tftp_clients_.count(datagram.from) > 0 || tftp_clients_.count(datagram.to) > 0;
}

}  // namespace slipway::wire
