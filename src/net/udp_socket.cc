// SPDX-License-Identifier: MPL-2.0
#include "net/udp_socket.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <net/if.h>

#include "net/abilities.h"
#include "net/remedies.h"
#include "net/udp_message.h"
#include "net/udp_options.h"

namespace slipway::net {
namespace {

UniqueFd open_socket() {
  return UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

bool bind_to(int fd, Endpoint local) {
  sockaddr_in address = to_sockaddr(local);
  return ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

std::string place(const UdpOptions& options) {
  std::string where = fmt::format("UDP port {}", options.local.port);
  if (!options.device.empty()) return where + " on " + options.device;
  return options.local.address.is_any() ? where : where + " on " + options.local.address.to_string();
}

[[noreturn]] void refuse_to_start(const UdpOptions& options, int error) {
  std::string where = place(options);
  if (error == EADDRINUSE)
    throw StartupError(
        fmt::format("{} is in use: another {} runs here; stop it (`{}` names it) or choose another interface "
                    "or port",
                    where, options.purpose, remedies().who_has_udp_ports));
  if (error == EACCES || error == EPERM)
    throw StartupError(fmt::format("{} may not be opened; {}", where, remedies().right_to_ports));
  if (error == EADDRNOTAVAIL)
    throw StartupError(
        fmt::format("{} cannot be opened: this machine does not own the address; configure "
                    "it or choose one that `{}` shows",
                    where, remedies().addresses));
  if (error == ENODEV)
    throw StartupError(
        fmt::format("{} cannot be opened: there is no such interface; choose one that "
                    "`{}` shows",
                    where, remedies().links));
  throw StartupError(fmt::format("{} cannot be opened: {}", where, std::strerror(error)));
}

}  // namespace

UdpSocket UdpSocket::bind(const UdpOptions& options) {
  UniqueFd fd = open_socket();
  if (!fd) refuse_to_start(options, errno);
  ask_buffers(fd.get(), options);
  bool done = set_option(fd.get(), IPPROTO_IP, IP_PKTINFO, 1) &&
              (options.device.empty() || bind_to_device(fd.get(), options.device)) &&
              (!options.broadcast || set_option(fd.get(), SOL_SOCKET, SO_BROADCAST, 1)) &&
              (!options.reuse_address || set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1)) &&
              (!options.arrival_times || set_option(fd.get(), SOL_SOCKET, SO_TIMESTAMP, 1)) &&
              (!options.reuse_port || share_port(fd.get())) && bind_to(fd.get(), options.local);
  if (!done) refuse_to_start(options, errno);
  UdpSocket socket(std::move(fd));
  if (!options.device.empty()) socket.interface_ = ::if_nametoindex(options.device.c_str());
  socket.segments_ = kernel_segments_udp();
  return socket;
}

Result<UdpSocket, SocketError> UdpSocket::connect(Ipv4 source, Endpoint peer, const std::string& device) {
  UniqueFd fd = open_socket();
  if (!fd) return SocketError{last_error(), "open a socket"};
  if (!device.empty() && !bind_to_device(fd.get(), device))
    return SocketError{last_error(), "bind to interface " + device};
  if (!bind_to(fd.get(), {source, 0})) return SocketError{last_error(), "bind to " + source.to_string()};
  sockaddr_in address = to_sockaddr(peer);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return SocketError{last_error(), "connect to " + peer.to_string()};
  UdpSocket socket(std::move(fd));
  socket.segments_ = kernel_segments_udp();
  return socket;
}

boost::system::error_code UdpSocket::send(const Outgoing& datagram) {
  Envelope envelope;
  msghdr message = envelope.seal(datagram);
  return ::sendmsg(fd_.get(), &message, MSG_DONTWAIT) < 0 ? last_error() : boost::system::error_code{};
}

/// Keeps errno for `take_error` unless it only says that the socket is full or empty.
std::size_t UdpSocket::note_error(std::size_t sent) {
  if (!would_block(last_error())) error_ = last_error();
  return sent;
}

boost::system::error_code UdpSocket::take_error() {
  return std::exchange(error_, {});
}

Endpoint UdpSocket::local() const {
  return local_endpoint(fd_.get());
}

bool would_block(const boost::system::error_code& error) {
  return error == boost::system::errc::resource_unavailable_try_again || error.value() == ENOBUFS;
}

}  // namespace slipway::net
