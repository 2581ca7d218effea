// SPDX-License-Identifier: MPL-2.0
#include <fmt/format.h>

#include "base/printable.h"
#include "wire/dump.h"

namespace slipway::wire {
namespace {

std::string options_text(const TftpOptions& options) {
  std::string text;
  for (const TftpOption& option : options) {
    text += fmt::format(", {} {}", printable(option.name), printable(option.value));
  }
  return text;
}

struct TftpText {
  std::string operator()(const TftpRequest& request) const {
    return fmt::format("{} \"{}\" ({}){}", request.write ? "write" : "read", printable(request.filename),
                       printable(request.mode), options_text(request.options));
  }
  std::string operator()(const TftpData& data) const {
    return fmt::format("data {}, {} bytes", data.block, data.payload.size());
  }
  std::string operator()(const TftpAck& ack) const { return fmt::format("ack {}", ack.block); }
  std::string operator()(const TftpError& error) const {
    return fmt::format("error {} \"{}\"", error.code, printable(error.text));
  }
  std::string operator()(const TftpOack& oack) const {
    return "options accepted" + options_text(oack.options);
  }
};

std::string dhcp_text(ByteView payload) {
  auto message = parse_dhcp(payload);
  return message ? dump_dhcp(*message) : fmt::format("not DHCP: {}\n", to_string(message.error()));
}

std::string tftp_text(ByteView payload) {
  auto packet = parse_tftp(payload);
  return packet ? dump_tftp(*packet) + "\n" : fmt::format("not TFTP: {}\n", to_string(packet.error()));
}

}  // namespace

std::string dump_tftp(const TftpPacket& packet) {
  return std::visit(TftpText{}, packet);
}

std::string dump_packet(const Packet& packet, CaptureSieve& sieve) {
  auto kept = sieve.sift(packet);
  if (!kept) return "";
  double since = std::chrono::duration<double>(kept->since).count();
  if (kept->protocol == CaptureSieve::Protocol::fragment) {
    const Fragment& part = *packet.fragment;
    return fmt::format("{:.6f} {} > {} part of a split datagram, id {}: {} bytes at {}, {}\n", since,
                       part.from.to_string(), part.to.to_string(), part.id, part.size, part.offset,
                       part.more ? "more follow" : "the last");
  }
  const Datagram& datagram = *packet.datagram;
  bool dhcp = kept->protocol == CaptureSieve::Protocol::dhcp;
  return fmt::format("{:.6f} {} > {}{} {}", since, datagram.from.to_string(), datagram.to.to_string(),
                     datagram.cut ? " [cut]" : "",
                     dhcp ? dhcp_text(datagram.payload) : tftp_text(datagram.payload));
}

std::string dump_capture(CaptureStream& capture, CaptureSieve& sieve) {
  std::string text;
  while (auto packet = capture.next()) text += dump_packet(*packet, sieve);
  return text;
}

}  // namespace slipway::wire
