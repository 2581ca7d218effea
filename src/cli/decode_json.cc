// SPDX-License-Identifier: MPL-2.0
#include "cli/decode_json.h"

#include <boost/json.hpp>

#include "base/printable.h"
#include "cli/message_json.h"

namespace slipway::cli {
namespace {

namespace json = boost::json;

json::object options_json(const wire::TftpOptions& options) {
  json::object object;
  for (const wire::TftpOption& option : options) object[printable(option.name)] = printable(option.value);
  return object;
}

struct TftpObject {
  json::object operator()(const wire::TftpRequest& request) const {
    return {{"kind", request.write ? "write" : "read"},
            {"file", printable(request.filename)},
            {"mode", printable(request.mode)},
            {"options", options_json(request.options)}};
  }
  json::object operator()(const wire::TftpData& data) const {
    return {{"kind", "data"}, {"block", data.block}, {"bytes", data.payload.size()}};
  }
  json::object operator()(const wire::TftpAck& ack) const { return {{"kind", "ack"}, {"block", ack.block}}; }
  json::object operator()(const wire::TftpError& error) const {
    return {{"kind", "error"}, {"code", error.code}, {"text", printable(error.text)}};
  }
  json::object operator()(const wire::TftpOack& oack) const {
    return {{"kind", "options"}, {"options", options_json(oack.options)}};
  }
};

std::string line(const json::object& object) {
  return json::serialize(object) + "\n";
}

void put_fragment(const wire::Fragment& part, json::object& object) {
  object["from"] = part.from.to_string();
  object["to"] = part.to.to_string();
  object["fragment"] =
      json::object{{"id", part.id}, {"offset", part.offset}, {"bytes", part.size}, {"more", part.more}};
}

void put_datagram(const wire::Datagram& datagram, bool dhcp, json::object& object) {
  object["from"] = datagram.from.to_string();
  object["to"] = datagram.to.to_string();
  if (datagram.cut) object["cut"] = true;
  if (dhcp) {
    auto message = wire::parse_dhcp(datagram.payload);
    message ? void(object["dhcp"] = message_json(*message))
            : void(object["not"] = wire::to_string(message.error()));
  } else {
    auto packet = wire::parse_tftp(datagram.payload);
    packet ? void(object["tftp"] = std::visit(TftpObject{}, *packet))
           : void(object["not"] = wire::to_string(packet.error()));
  }
}

}  // namespace

std::string packet_json(const wire::Packet& packet, wire::CaptureSieve& sieve) {
  auto kept = sieve.sift(packet);
  if (!kept) return "";
  json::object object{{"seconds", std::chrono::duration<double>(kept->since).count()}};
  if (packet.fragment) {
    put_fragment(*packet.fragment, object);
  } else {
    put_datagram(*packet.datagram, kept->protocol == wire::CaptureSieve::Protocol::dhcp, object);
  }
  return line(object);
}

std::string message_line(const wire::DhcpMessage& message) {
  return line({{"dhcp", message_json(message)}});
}

std::string tftp_line(const wire::TftpPacket& packet) {
  return line({{"tftp", std::visit(TftpObject{}, packet)}});
}

}  // namespace slipway::cli
