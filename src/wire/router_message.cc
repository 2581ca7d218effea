// SPDX-License-Identifier: MPL-2.0
#include "wire/router_message.h"

namespace slipway::wire {
namespace {

constexpr std::uint8_t source_link_layer = 1;  // RFC 4861 §4.6.1
constexpr std::size_t option_unit = 8;         // lengths count these

struct Options {
  std::optional<MacAddress> link_layer;
  bool has_link_layer = false, others = false;
};

Result<Options, RouterFault> parse_options(ByteReader& reader) {
  Options options;
  while (!reader.at_end()) {
    std::uint8_t type = reader.u8();
    std::size_t length = reader.u8() * option_unit;
    if (!reader.ok()) return RouterFault::option_past_end;
    if (length == 0) return RouterFault::empty_option;
    ByteView value = reader.take(length - 2);
    if (!reader.ok()) return RouterFault::option_past_end;
    if (type != source_link_layer) {
      options.others = true;
      continue;
    }
    options.has_link_layer = true;
    MacAddress mac;
    if (value.size() != mac.bytes.size()) continue;
    std::copy(value.begin(), value.end(), mac.bytes.begin());
    if (!mac.is_multicast() && !mac.is_zero()) options.link_layer = mac;
  }
  return options;
}

Result<RouterMessage, RouterFault> parse_solicitation(ByteReader& reader) {
  reader.u32();  // reserved
  if (!reader.ok()) return RouterFault::too_short;
  auto options = parse_options(reader);
  if (!options) return options.error();
  return RouterMessage(RouterSolicitation{options->link_layer, options->has_link_layer});
}

Result<RouterMessage, RouterFault> parse_advertisement(ByteReader& reader) {
  RouterAdvertisement advertisement;
  advertisement.hop_limit = reader.u8();
  advertisement.flags = reader.u8();
  advertisement.lifetime = reader.u16();
  advertisement.reachable = reader.u32();
  advertisement.retransmit = reader.u32();
  if (!reader.ok()) return RouterFault::too_short;
  auto options = parse_options(reader);
  if (!options) return options.error();
  advertisement.informs = options->others;
  return RouterMessage(advertisement);
}

ByteWriter begin(Icmp6Type type) {
  ByteWriter writer;
  writer.u8(static_cast<std::uint8_t>(type));
  writer.u8(0);   // code
  writer.u16(0);  // checksum
  return writer;
}

}  // namespace

Result<RouterMessage, RouterFault> parse_router_message(ByteView bytes) {
  ByteReader reader(bytes);
  std::uint8_t type = reader.u8(), code = reader.u8();
  reader.u16();  // the checksum, which the kernel saw to
  if (!reader.ok()) return RouterFault::too_short;
  bool asks = type == static_cast<std::uint8_t>(Icmp6Type::router_solicitation);
  if (!asks && type != static_cast<std::uint8_t>(Icmp6Type::router_advertisement))
    return RouterFault::unknown_type;
  if (code != 0) return RouterFault::unknown_code;
  return asks ? parse_solicitation(reader) : parse_advertisement(reader);
}

Bytes serialize(const RouterSolicitation& solicitation) {
  ByteWriter writer = begin(Icmp6Type::router_solicitation);
  writer.u32(0);
  if (solicitation.link_layer) {
    writer.u8(source_link_layer);
    writer.u8(1);
    writer.bytes(solicitation.link_layer->bytes);
  }
  return std::move(writer).take();
}

Bytes serialize(const RouterAdvertisement& advertisement) {
  ByteWriter writer = begin(Icmp6Type::router_advertisement);
  writer.u8(advertisement.hop_limit);
  writer.u8(advertisement.flags);
  writer.u16(advertisement.lifetime);
  writer.u32(advertisement.reachable);
  writer.u32(advertisement.retransmit);
  return std::move(writer).take();
}

}  // namespace slipway::wire
