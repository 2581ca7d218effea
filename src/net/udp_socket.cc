// SPDX-License-Identifier: MPL-2.0
#include "net/udp_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include "net/sockaddr.h"

namespace slipway::net {
namespace {

constexpr std::size_t control_size = CMSG_SPACE(sizeof(in_pktinfo));
constexpr std::size_t received_control_size = control_size + CMSG_SPACE(sizeof(timespec));

boost::system::error_code last_error() {
  return {errno, boost::system::system_category()};
}

iovec to_iovec(ByteView bytes) {
  return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

bool set(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

UniqueFd open_socket() {
  return UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

bool bind_to_device(int fd, const std::string& device) {
  return device.empty() || ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device.c_str(),
                                        static_cast<socklen_t>(device.size())) == 0;
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
        fmt::format("{} is in use: another {} runs here; stop it (`ss -lunp` names it) or "
                    "choose another interface or port",
                    where, options.purpose));
  if (error == EACCES || error == EPERM)
    throw StartupError(
        fmt::format("{} may not be opened; start as root or with CAP_NET_BIND_SERVICE and "
                    "CAP_NET_RAW",
                    where));
  if (error == EADDRNOTAVAIL)
    throw StartupError(
        fmt::format("{} cannot be opened: this machine does not own the address; configure "
                    "it or choose one that `ip address` shows",
                    where));
  if (error == ENODEV)
    throw StartupError(
        fmt::format("{} cannot be opened: there is no such interface; choose one that "
                    "`ip link` shows",
                    where));
  throw StartupError(fmt::format("{} cannot be opened: {}", where, std::strerror(error)));
}

void ask_buffers(int fd, const UdpOptions& options) {
  // FORCE goes past net.core.rmem_max where we are privileged. What is granted may be less: no failure.
  if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, options.receive_buffer))
    set(fd, SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
  if (options.send_buffer == 0) return;
  if (!set(fd, SOL_SOCKET, SO_SNDBUFFORCE, options.send_buffer))
    set(fd, SOL_SOCKET, SO_SNDBUF, options.send_buffer);
}

/// What one sendmsg needs besides the bytes; it must outlive the call.
struct Envelope {
  sockaddr_in to;
  iovec piece;
  alignas(cmsghdr) std::array<char, control_size> control;

  msghdr seal(const Outgoing& datagram) {
    to = to_sockaddr(datagram.to);
    piece = to_iovec(datagram.bytes);
    msghdr message{};
    message.msg_name = &to;
    message.msg_namelen = sizeof to;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    if (!datagram.source.is_any() || datagram.interface != 0) add_source(message, datagram);
    return message;
  }

 private:
  void add_source(msghdr& message, const Outgoing& datagram) {
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<int>(datagram.interface);
    info.ipi_spec_dst.s_addr = htonl(datagram.source.value);
    control.fill(0);
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
  }
};

void read_time(const cmsghdr* header, Datagram& datagram) {
  timespec at;
  std::memcpy(&at, CMSG_DATA(header), sizeof at);
  datagram.arrived = Instant(
      std::chrono::floor<Duration>(std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec)));
}

void read_control(msghdr& message, Datagram& datagram) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPNS) read_time(header, datagram);
    if (header->cmsg_level != IPPROTO_IP || header->cmsg_type != IP_PKTINFO) continue;
    in_pktinfo info;
    std::memcpy(&info, CMSG_DATA(header), sizeof info);
    datagram.to = {ntohl(info.ipi_addr.s_addr)};
    datagram.local = {ntohl(info.ipi_spec_dst.s_addr)};
    datagram.interface = static_cast<unsigned>(info.ipi_ifindex);
  }
}

}  // namespace

struct DatagramBuffer::Slots {
  struct Slot {
    sockaddr_in from;
    iovec piece;
    alignas(cmsghdr) std::array<char, received_control_size> control;
  };

  Slots(std::size_t count, std::size_t size)
      : bytes(count * size), slots(count), messages(count), datagrams(count) {
    for (std::size_t i = 0; i < count; ++i) {
      slots[i].piece = {bytes.data() + i * size, size};
      msghdr& message = messages[i].msg_hdr;
      message.msg_name = &slots[i].from;
      message.msg_iov = &slots[i].piece;
      message.msg_iovlen = 1;
      message.msg_control = slots[i].control.data();
      reset(i);
    }
  }

  void reset(std::size_t i) {
    messages[i].msg_hdr.msg_namelen = sizeof(sockaddr_in);
    messages[i].msg_hdr.msg_controllen = received_control_size;
  }

  void read(std::size_t i) {
    msghdr& message = messages[i].msg_hdr;
    Datagram& datagram = datagrams[i];
    datagram = {};
    datagram.bytes = {static_cast<const std::uint8_t*>(slots[i].piece.iov_base), messages[i].msg_len};
    datagram.from = to_endpoint(slots[i].from);
    datagram.truncated = message.msg_flags & MSG_TRUNC;
    read_control(message, datagram);
  }

  Bytes bytes;
  std::vector<Slot> slots;
  std::vector<mmsghdr> messages;
  std::vector<Datagram> datagrams;
};

DatagramBuffer::DatagramBuffer(std::size_t slots, std::size_t slot_size)
    : slots_(std::make_unique<Slots>(slots, slot_size)) {}
DatagramBuffer::~DatagramBuffer() = default;
std::size_t DatagramBuffer::slots() const {
  return slots_->messages.size();
}

UdpSocket UdpSocket::bind(const UdpOptions& options) {
  UniqueFd fd = open_socket();
  if (!fd) refuse_to_start(options, errno);
  ask_buffers(fd.get(), options);
  bool done = set(fd.get(), IPPROTO_IP, IP_PKTINFO, 1) && bind_to_device(fd.get(), options.device) &&
              (!options.broadcast || set(fd.get(), SOL_SOCKET, SO_BROADCAST, 1)) &&
              (!options.reuse_address || set(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1)) &&
              (!options.arrival_times || set(fd.get(), SOL_SOCKET, SO_TIMESTAMPNS, 1)) &&
              (!options.reuse_port || set(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1)) &&
              bind_to(fd.get(), options.local);
  if (!done) refuse_to_start(options, errno);
  UdpSocket socket(std::move(fd));
  socket.segments_ = kernel_segments_udp();
  return socket;
}

Result<UdpSocket, SocketError> UdpSocket::connect(Ipv4 source, Endpoint peer, const std::string& device) {
  UniqueFd fd = open_socket();
  if (!fd) return SocketError{last_error(), "open a socket"};
  if (!bind_to_device(fd.get(), device)) return SocketError{last_error(), "bind to interface " + device};
  if (!bind_to(fd.get(), {source, 0})) return SocketError{last_error(), "bind to " + source.to_string()};
  sockaddr_in address = to_sockaddr(peer);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return SocketError{last_error(), "connect to " + peer.to_string()};
  UdpSocket socket(std::move(fd));
  socket.segments_ = kernel_segments_udp();
  return socket;
}

std::span<const Datagram> UdpSocket::receive(DatagramBuffer& buffer) {
  auto& [bytes, slots, messages, datagrams] = *buffer.slots_;
  int count = 0;
  do {
    count =
        ::recvmmsg(fd_.get(), messages.data(), static_cast<unsigned>(messages.size()), MSG_DONTWAIT, nullptr);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    note_error(0);
    return {};
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    buffer.slots_->read(i);
    buffer.slots_->reset(i);
  }
  return {datagrams.data(), static_cast<std::size_t>(count)};
}

std::span<const Datagram> UdpSocket::receive_one(DatagramBuffer& buffer) {
  auto& [bytes, slots, messages, datagrams] = *buffer.slots_;
  const iovec& piece = slots[0].piece;
  ssize_t size = 0;
  do {
    size = ::recv(fd_.get(), piece.iov_base, piece.iov_len, MSG_DONTWAIT | MSG_TRUNC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) {
    note_error(0);
    return {};
  }
  auto whole = static_cast<std::size_t>(size);
  datagrams[0] = {};
  datagrams[0].bytes = {static_cast<const std::uint8_t*>(piece.iov_base), std::min(whole, piece.iov_len)};
  datagrams[0].truncated = whole > piece.iov_len;
  return {datagrams.data(), 1};
}

boost::system::error_code UdpSocket::send(const Outgoing& datagram) {
  Envelope envelope;
  msghdr message = envelope.seal(datagram);
  return ::sendmsg(fd_.get(), &message, MSG_DONTWAIT) < 0 ? last_error() : boost::system::error_code{};
}

std::size_t UdpSocket::send_batch(std::span<const Outgoing> datagrams) {
  std::array<Envelope, 64> envelopes;
  std::array<mmsghdr, 64> messages;
  std::size_t sent = 0;
  while (sent < datagrams.size()) {
    std::size_t count = std::min(envelopes.size(), datagrams.size() - sent);
    for (std::size_t i = 0; i < count; ++i) messages[i] = {envelopes[i].seal(datagrams[sent + i]), 0};
    int taken = ::sendmmsg(fd_.get(), messages.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
    if (taken < 0) return note_error(sent);
    sent += static_cast<std::size_t>(taken);
  }
  return sent;
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

unsigned UdpSocket::path_mtu() const {
  int mtu = 0;
  socklen_t size = sizeof mtu;
  // 576: what every IPv4 host takes (RFC 1122 section 3.3.2).
  return ::getsockopt(fd_.get(), IPPROTO_IP, IP_MTU, &mtu, &size) == 0 ? static_cast<unsigned>(mtu) : 576;
}

int UdpSocket::receive_buffer() const {
  int granted = 0;
  socklen_t size = sizeof granted;
  ::getsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &granted, &size);
  return granted;
}

std::uint32_t UdpSocket::overflowed() const {
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t size = sizeof memory;
  ::getsockopt(fd_.get(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size);
  return memory[SK_MEMINFO_DROPS];
}

bool would_block(const boost::system::error_code& error) {
  return error == boost::system::errc::resource_unavailable_try_again || error.value() == ENOBUFS;
}

bool kernel_segments_udp() {
  static const bool known = [] {
    UniqueFd fd = open_socket();
    return fd && set(fd.get(), IPPROTO_UDP, UDP_SEGMENT, 512);
  }();
  return known;
}

}  // namespace slipway::net
