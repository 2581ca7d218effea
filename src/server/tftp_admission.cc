// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_admission.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "server/tftp_upload.h"

namespace slipway::server {
namespace {

using tftp::Refusal;
using wire::TftpErrorCode;

constexpr std::size_t slot = 2048;     // what one packet of a client may have
constexpr unsigned write_window = 64;  // blocks; they must fit into our socket's buffer

std::string_view counted_as(TftpErrorCode code) {
  switch (code) {
    case TftpErrorCode::file_not_found:
      return "file_not_found";
    case TftpErrorCode::access_violation:
      return "access_violation";
    case TftpErrorCode::illegal_operation:
      return "illegal_operation";
    case TftpErrorCode::disk_full:
      return "disk_full";
    case TftpErrorCode::file_exists:
      return "file_exists";
    default:
      return "failed";
  }
}

TftpRefused refused(const Refusal& refusal) {
  return {counted_as(refusal.code), refusal};
}

TftpRefused no_socket(const net::SocketError& error) {
  int code = error.code.value();
  bool passing = code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
  return {
      "no_socket",
      {TftpErrorCode::undefined, fmt::format("the server cannot {}: {}", error.doing, error.code.message())},
      passing};
}

}  // namespace

TftpAdmission::TftpAdmission(net::Reactor& reactor, const TftpSettings& settings, TftpHandler handler,
                             SharedPort& shared)
    : reactor_(reactor),
      settings_(settings),
      handler_(std::move(handler)),
      shared_(shared),
      one_(1, slot),
      many_(16, slot),
      turns_(reactor),
      aside_(reactor) {}

Result<TftpOpened, TftpRefused> TftpAdmission::open(const net::Datagram& datagram,
                                                    const wire::TftpRequest& asked, OnEnd on_end) {
  return asked.write ? open_write(datagram, asked, std::move(on_end))
                     : open_read(datagram, asked, std::move(on_end));
}

Result<TftpOpened, TftpRefused> TftpAdmission::open_read(const net::Datagram& datagram,
                                                         const wire::TftpRequest& asked, OnEnd on_end) {
  auto bytes = content(datagram, asked);
  if (!bytes) return refused(bytes.error());
  auto connected = net::UdpSocket::connect(datagram.local, datagram.from);
  if (!connected) return no_socket(connected.error());
  auto terms = tftp::negotiate(asked, bytes->size(), limits(*connected));
  if (!terms) return refused(terms.error());
  std::uint64_t size = bytes->size();
  TftpSession::Parts parts{reactor_,
                           turns_,
                           pace_of(datagram.from.address),
                           room_,
                           line_to(datagram, std::move(*connected), terms->window == 1 ? one_ : many_),
                           std::move(*bytes),
                           *terms,
                           settings_.patience};
  return TftpOpened{std::make_unique<TftpSession>(std::move(parts), std::move(on_end)), *terms, size};
}

Result<TftpOpened, TftpRefused> TftpAdmission::open_write(const net::Datagram& datagram,
                                                          const wire::TftpRequest& asked, OnEnd on_end) {
  if (!settings_.uploads)
    return TftpRefused{"write",
                       {TftpErrorCode::access_violation, "this server takes no files, it only gives them"}};
  auto mode = tftp::mode_of(asked);
  if (!mode) return refused(mode.error());
  auto connected = net::UdpSocket::connect(datagram.local, datagram.from);
  if (!connected) return no_socket(connected.error());
  tftp::Limits within = limits(*connected);
  within.max_window = std::min(within.max_window, write_window);
  within.path_mtu = std::min<unsigned>(within.path_mtu == 0 ? slot : within.path_mtu, slot);
  auto terms = tftp::negotiate_write(asked, settings_.uploads->limits().file, within);
  if (!terms) return refused(terms.error());
  auto file = settings_.uploads->open(asked.filename, terms->size);
  if (!file) return refused(file.error());
  TftpUpload::Parts parts{reactor_,         aside_, line_to(datagram, std::move(*connected), many_),
                          std::move(*file), *terms, settings_.patience};
  return TftpOpened{std::make_unique<TftpUpload>(std::move(parts), std::move(on_end)), *terms, terms->size};
}

Result<TftpContent, Refusal> TftpAdmission::content(const net::Datagram& datagram,
                                                    const wire::TftpRequest& asked) {
  auto mode = tftp::mode_of(asked);
  if (!mode) return mode.error();
  auto bytes = handler_(asked.filename, datagram.from.address, datagram.local);
  if (!bytes || *mode == tftp::Mode::octet) return bytes;
  if (bytes->size() > settings_.max_netascii)
    return Refusal{TftpErrorCode::illegal_operation,
                   "this file is too large for netascii; ask in mode octet"};
  auto converted = room_.reading.contents.netascii(*bytes);
  if (!converted) return Refusal{TftpErrorCode::undefined, converted.error()};
  return *converted;
}

tftp::Limits TftpAdmission::limits(const net::UdpSocket& connected) const {
  return {settings_.fragments ? 0 : connected.path_mtu(), settings_.max_window};
}

TftpPace TftpAdmission::pace_of(Ipv4 client) const {
  return settings_.pacer ? TftpPace(*settings_.pacer, client) : TftpPace();
}

/// With a shared port, the connected socket has told the path's MTU and goes.
OpenLine TftpAdmission::line_to(const net::Datagram& datagram, net::UdpSocket connected,
                                net::DatagramBuffer& buffer) {
  if (settings_.single_port) {
    net::Route route{datagram.from, datagram.local, datagram.interface};
    return [this, route](TftpListener& session) { return shared_.line(route, session); };
  }
  connected.segment_trains(settings_.segmented);
  return
      [this, &buffer, own = std::make_shared<net::UdpSocket>(std::move(connected))](TftpListener& session) {
        return std::make_unique<OwnPort>(reactor_, std::move(*own), buffer, session);
      };
}

}  // namespace slipway::server
