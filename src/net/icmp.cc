// SPDX-License-Identifier: MPL-2.0
#include "net/icmp.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/result.h"
#include "net/checksum.h"
#include "net/icmp_filter.h"
#include "net/remedies.h"
#include "net/sockaddr.h"

namespace slipway::net {
namespace {

constexpr int most_at_once = 64;
constexpr std::size_t ip_header = 20;
constexpr std::uint8_t echo = 8, echo_answer = 0;  // RFC 792

std::uint16_t identifier_of(std::uint64_t token) {
  return static_cast<std::uint16_t>(token >> 48);
}

void write_echo(ByteWriter& message, std::uint16_t checksum, std::uint64_t token, std::uint16_t sequence) {
  message.u8(echo);
  message.u8(0);
  message.u16(checksum);
  message.u16(identifier_of(token));
  message.u16(sequence);
  message.u32(static_cast<std::uint32_t>(token >> 32));
  message.u32(static_cast<std::uint32_t>(token));
}

}  // namespace

Bytes echo_request(std::uint64_t token, std::uint16_t sequence) {
  ByteWriter unsummed, message;
  write_echo(unsummed, 0, token, sequence);
  Checksum sum;
  sum.add(ByteView(unsummed.view()));
  write_echo(message, sum.value(), token, sequence);
  return std::move(message).take();
}

std::optional<Ipv4> parse_echo_reply(ByteView packet, std::uint64_t token) {
  ByteReader in(packet);
  std::uint8_t version_and_words = in.u8();
  std::size_t header = static_cast<std::size_t>(version_and_words & 15) * 4;
  in.take(8);
  bool icmp = in.u8() == IPPROTO_ICMP;
  in.take(2);
  Ipv4 from{in.u32()};
  in.take(4);
  if (!in.ok() || version_and_words >> 4 != 4 || header < ip_header || !icmp) return std::nullopt;
  in.take(header - ip_header);
  bool echoes = in.u8() == echo_answer && in.u8() == 0;
  in.take(2);  // the sum was of no use: a wrong token says the same
  bool ours = in.u16() == identifier_of(token);
  in.take(2);
  std::uint64_t high = in.u32();
  ours = ours && (high << 32 | in.u32()) == token;
  return in.ok() && echoes && ours ? std::optional(from) : std::nullopt;
}

EchoSocket::EchoSocket(Random& random)
    : fd_(::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP)), token_(random.next()) {
  if (!fd_) {
    throw StartupError(
        fmt::format("cannot open a socket for ICMP: {}; {}", std::strerror(errno), remedies().right_to_raw));
  }
  hear_echo_answers_only(fd_.get());
}

boost::system::error_code EchoSocket::ask(Ipv4 address) {
  sockaddr_in to = to_sockaddr({address, 0});
  Bytes message = echo_request(token_, ++sequence_);
  if (::sendto(fd_.get(), message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) < 0)
    return {errno, boost::system::system_category()};
  return {};
}

std::vector<Ipv4> EchoSocket::receive() {
  std::vector<Ipv4> heard;
  std::array<std::uint8_t, 256> room{};
  for (int i = 0; i < most_at_once; ++i) {
    ssize_t size = ::recv(fd_.get(), room.data(), room.size(), 0);
    if (size < 0) break;
    if (auto from = parse_echo_reply(ByteView(room).first(static_cast<std::size_t>(size)), token_))
      heard.push_back(*from);
  }
  return heard;
}

}  // namespace slipway::net
