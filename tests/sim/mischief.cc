// SPDX-License-Identifier: MPL-2.0
#include "sim/mischief.h"

#include "sim/plans.h"

namespace slipway::sim {
namespace {

using wire::DhcpMessage;
using wire::MessageType;
namespace opt = wire::opt;

constexpr std::size_t remembered = 64;
constexpr std::uint64_t stations = 24;
/// chaddr, and what says how to read it: with another type or length it might name an honest client's.
constexpr std::size_t first_of_address = 28, end_of_address = 44, type_and_length = 1;

}  // namespace

void Mischief::overhears(const DhcpMessage& message) {
  if (heard_.size() < remembered) return heard_.push_back(message);
  heard_[random_.below(remembered)] = message;
}

MacAddress Mischief::own_address() {
  return {{0x02, 0xba, 0xd0, 0, 0, static_cast<std::uint8_t>(random_.below(stations))}};
}

Bytes Mischief::next(Ipv4 victim) {
  switch (random_.below(3)) {
    case 0:
      return noise();
    case 1:
      return distorted();
    default:
      return claim_of(victim);
  }
}

Bytes Mischief::noise() {
  Bytes bytes(random_.below(700));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_.next());
  return bytes;
}

Bytes Mischief::distorted() {
  if (heard_.empty()) return noise();
  DhcpMessage message = heard_[random_.below(heard_.size())];
  message.set_mac(own_address());
  message.options.set<opt::ClientId>({0xff, static_cast<std::uint8_t>(random_.next()), 0xba, 0xd0, 0, 0, 1});
  Bytes bytes = wire::serialize(message).bytes;
  for (std::uint64_t changes = random_.below(4); changes > 0; --changes) {
    std::size_t at = random_.below(bytes.size());
    bool names =
        (at >= first_of_address && at < end_of_address) || at == type_and_length || at == type_and_length + 1;
    if (!names) bytes[at] = static_cast<std::uint8_t>(random_.next());
  }
  return bytes;
}

/// INIT-REBOOT, SELECTING, RENEWING, RELEASE and DECLINE of what is another's.
Bytes Mischief::claim_of(Ipv4 victim) {
  DhcpMessage message;
  message.set_mac(own_address());
  message.xid = static_cast<std::uint32_t>(random_.next());
  constexpr MessageType types[] = {MessageType::request, MessageType::release, MessageType::decline,
                                   MessageType::discover};
  message.options.set<opt::MessageType>(types[random_.below(std::size(types))]);
  if (random_.below(2)) message.ciaddr = victim;
  if (random_.below(2)) message.options.set<opt::RequestedAddress>(victim);
  if (random_.below(2)) message.options.set<opt::ServerId>(server_address);
  return wire::serialize(message).bytes;
}

}  // namespace slipway::sim
