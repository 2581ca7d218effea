// SPDX-License-Identifier: MPL-2.0
#include "dhcp/intake.h"

#include <algorithm>

namespace slipway::dhcp {
namespace {

/// Who asks, and over which relay: FNV-1a over the hardware address or, where there is none (RFC 4390), the
/// client identifier. Two clients that meet in it share a place, no more.
class ClientHash {
 public:
  void add(ByteView bytes) {
    for (std::uint8_t byte : bytes) value_ = (value_ ^ byte) * 0x100000001b3;
  }
  void add(std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) add_byte(static_cast<std::uint8_t>(number >> shift));
  }
  std::uint64_t value() const { return value_; }

 private:
  void add_byte(std::uint8_t byte) { add(ByteView(&byte, 1)); }
  std::uint64_t value_ = 0xcbf29ce484222325;
};

std::uint64_t client_of(const Packet& packet) {
  const wire::DhcpMessage& message = packet.message;
  ClientHash hash;
  hash.add(message.giaddr.value);
  hash.add(packet.arrival.index);
  ByteView address =
      ByteView(message.chaddr).first(std::min<std::size_t>(message.hlen, message.chaddr.size()));
  hash.add(address);
  bool nameless = std::all_of(address.begin(), address.end(), [](std::uint8_t byte) { return byte == 0; });
  if (nameless) hash.add(message.options.raw(wire::opt::ClientId::code).value_or(ByteView()));
  return hash.value();
}

}  // namespace

Intake::Class Intake::class_of(const wire::DhcpMessage& message) {
  auto type = message.options.get<wire::opt::MessageType>();
  if (message.is_bootp() || type == wire::MessageType::discover) return Class::beginning;
  bool renews = type == wire::MessageType::request && !message.ciaddr.is_any();
  return renews ? Class::renewal : Class::under_way;
}

std::optional<Intake::Discarded> Intake::push(Packet&& packet) {
  Class which = class_of(packet.message);
  std::uint64_t name = client_of(packet);
  std::optional<Discarded> gone;
  if (auto known = clients_.find(name); known != clients_.end()) {
    if (which == Class::beginning && known->second.beginning) {
      gone = discard(which, *known->second.beginning, Drop::superseded);
    } else if (known->second.waiting >= limits_.per_client) {
      return Discarded{std::move(packet), Drop::client_over_share};
    }
  }
  if (size_ >= limits_.packets) {
    gone = make_room(which);
    if (!gone) return Discarded{std::move(packet), Drop::intake_full};
  }
  Queue& in = queue(which);
  in.push_back({std::move(packet), name});
  Client& client = clients_[name];
  ++client.waiting;
  if (which == Class::beginning) client.beginning = std::prev(in.end());
  ++size_;
  return gone;
}

/// Nothing: no one who waits has less to lose than the one who comes.
std::optional<Intake::Discarded> Intake::make_room(Class wanted) {
  Queue& beginning = queue(Class::beginning);
  if (!beginning.empty()) return discard(Class::beginning, beginning.begin(), Drop::stale_discover);
  Queue& under_way = queue(Class::under_way);
  if (wanted != Class::renewal || under_way.empty()) return std::nullopt;
  return discard(Class::under_way, std::prev(under_way.end()), Drop::intake_full);
}

std::optional<Packet> Intake::pop() {
  for (Class which : {Class::renewal, Class::under_way}) {
    if (Queue& in = queue(which); !in.empty()) return take(which, in.begin());
  }
  Queue& beginning = queue(Class::beginning);
  if (beginning.empty()) return std::nullopt;
  return take(Class::beginning, std::prev(beginning.end()));
}

Intake::Discarded Intake::discard(Class which, Queue::iterator waiting, Drop why) {
  return {take(which, waiting), why};
}

Packet Intake::take(Class which, Queue::iterator waiting) {
  auto client = clients_.find(waiting->client);
  if (which == Class::beginning) client->second.beginning.reset();
  if (--client->second.waiting == 0) clients_.erase(client);
  Packet packet = std::move(waiting->packet);
  queue(which).erase(waiting);
  --size_;
  return packet;
}

}  // namespace slipway::dhcp
