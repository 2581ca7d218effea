// SPDX-License-Identifier: MPL-2.0
#include <set>

#include <fmt/format.h>

#include "base/printable.h"
#include "wire/dump.h"

namespace slipway::wire {
namespace {

constexpr std::uint16_t tftp_port = 69;

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

bool is_dhcp(const Datagram& datagram) {
  auto ours = [](std::uint16_t port) {
    return port == dhcp_server_port || port == dhcp_client_port || port == proxy_dhcp_port;
  };
  return ours(datagram.from.port) || ours(datagram.to.port);
}

/// Transfers leave port 69 after the request: the client's endpoint tells them.
class TftpClients {
 public:
  bool owns(const Datagram& datagram) {
    if (datagram.to.port == tftp_port) known_.insert(datagram.from);
    return known_.count(datagram.from) > 0 || known_.count(datagram.to) > 0;
  }

 private:
  std::set<Endpoint> known_;
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

std::string dump_capture(const Capture& capture) {
  std::string text;
  TftpClients tftp;
  for (const Datagram& datagram : capture.datagrams) {
    bool dhcp = is_dhcp(datagram);
    if (!dhcp && !tftp.owns(datagram)) continue;
    auto since = datagram.at - capture.datagrams.front().at;
    text += fmt::format("{:.6f} {} > {}{} ", std::chrono::duration<double>(since).count(),
                        datagram.from.to_string(), datagram.to.to_string(), datagram.cut ? " [cut]" : "");
    text += dhcp ? dhcp_text(datagram.payload) : tftp_text(datagram.payload);
  }
  if (capture.fragments > 0) text += fmt::format("{} IPv4 fragments not shown\n", capture.fragments);
  if (capture.truncated) text += "the capture ends within a frame\n";
  return text;
}

}  // namespace slipway::wire
