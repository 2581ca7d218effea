// SPDX-License-Identifier: MPL-2.0
// UDP over IPv4 in batches, with as few system calls as the system has for that: on Linux recvmmsg in,
// sendmmsg or one segmented send (UDP GSO) out. Always non-blocking. It reports where a datagram arrived (RFC
// 1122 section 4.1.3.5) and sends from the address it is told to. It does not wait, retry or queue: a full
// socket says so (`would_block`). One thread at a time. Binding throws StartupError with the remedy; sending
// returns the error.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/system/error_code.hpp>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

namespace slipway::net {

struct Datagram {
  ByteView bytes;  ///< valid until the next receive into the same buffer
  Endpoint from;
  Ipv4 to;                 ///< destination in the packet, may be 255.255.255.255
  Ipv4 local;              ///< our address that an answer should come from
  unsigned interface = 0;  ///< index of the interface it came in on
  bool truncated = false;  ///< longer than the buffer's slots
  Instant arrived{};       ///< when the kernel had it, where `arrival_times` asks for that
};

struct Outgoing {
  Endpoint to;
  ByteView bytes;
  Ipv4 source = Ipv4::any();  ///< any: the kernel chooses
  unsigned interface = 0;     ///< 0: the routing table chooses
};

/// A packet in two pieces, so that a header of ours and a slice of a file need no copy.
struct Gather {
  ByteView head;
  ByteView body;
  std::size_t size() const { return head.size() + body.size(); }
};

/// Where a train goes that leaves a socket which is connected to nobody.
struct Route {
  Endpoint to;
  Ipv4 source = Ipv4::any();  ///< any: the kernel chooses
  unsigned interface = 0;     ///< 0: the routing table chooses
};

/// Room for one batch; many sockets of one loop share it.
class DatagramBuffer {
 public:
  explicit DatagramBuffer(std::size_t slots = 64, std::size_t slot_size = 2048);
  ~DatagramBuffer();
  DatagramBuffer(const DatagramBuffer&) = delete;
  DatagramBuffer& operator=(const DatagramBuffer&) = delete;
  std::size_t slots() const;

 private:
  friend class UdpSocket;
  struct Slots;
  std::unique_ptr<Slots> slots_;
};

struct UdpOptions {
  Endpoint local;                        ///< address and port; port 0: any free one
  std::string device;                    ///< hears this interface alone; empty: every one
  std::string purpose = "this service";  ///< for the sentence when the port is taken: "DHCP server"
  bool broadcast = false;
  bool reuse_address = false;
  bool reuse_port = false;       ///< where net/abilities.h has it
  bool arrival_times = false;    ///< of each datagram: how long it waited for us
  int receive_buffer = 4 << 20;  ///< bytes asked; the kernel may give less
  int send_buffer = 0;           ///< 0: the kernel's default
};

struct SocketError {
  boost::system::error_code code;
  std::string doing;  ///< "bind to 10.0.0.1:0"
};

/// Whether this kernel splits one large send into datagrams (Linux from 4.18 on).
bool kernel_segments_udp();

class UdpSocket {
 public:
  /// Throws StartupError, for example when another server holds the port.
  static UdpSocket bind(const UdpOptions& options);

  /// A socket on a fresh port of `source` that hears `peer` alone. `device` may be empty.
  static Result<UdpSocket, SocketError> connect(Ipv4 source, Endpoint peer, const std::string& device = {});

  /// What waits, at most as many datagrams as the buffer has slots; empty when nothing waits. An ICMP
  /// error on a connected socket is told by `take_error`.
  std::span<const Datagram> receive(DatagramBuffer& buffer);
  /// The same of a connected socket, one at most and its bytes alone: the cheapest call where no second is
  /// to be expected.
  std::span<const Datagram> receive_one(DatagramBuffer& buffer);

  boost::system::error_code send(const Outgoing& datagram);

  /// As many as the socket takes now, in order; the number sent. The first error ends it and is told
  /// by `take_error` (none: the socket is full).
  std::size_t send_batch(std::span<const Outgoing> datagrams);

  /// The same to the peer of a connected socket, as one segmented send where the kernel can and all
  /// but the last have equal size.
  std::size_t send_train(std::span<const Gather> packets) { return send_train(packets, nullptr); }
  std::size_t send_train(std::span<const Gather> packets, const Route& route) {
    return send_train(packets, &route);
  }
  /// Segmented sends or one message for each packet, as a kernel that does not split gets them.
  void segment_trains(bool wanted) { segments_ = wanted && kernel_segments_udp(); }

  /// The error met last, and forgets it. ECONNREFUSED: the peer has closed its port.
  boost::system::error_code take_error();

  Endpoint local() const;
  /// Largest IP packet towards the connected peer that needs no fragments; Ethernet's where nobody tells.
  unsigned path_mtu() const;
  int receive_buffer() const;  ///< bytes the kernel granted, of those asked
  /// Datagrams the kernel has thrown away since the socket was opened because the buffer was full; 0 where it
  /// does not tell.
  std::uint32_t overflowed() const;
  int fd() const { return fd_.get(); }

 private:
  explicit UdpSocket(UniqueFd fd) : fd_(std::move(fd)) {}
  std::size_t note_error(std::size_t sent);
  std::size_t send_train(std::span<const Gather> packets, const Route* route);
  // How Linux sends a train; elsewhere these are not there.
  std::size_t send_segmented(std::span<const Gather> packets, const Route* route);
  std::size_t send_each(std::span<const Gather> packets, const Route* route);
  std::size_t send_one(const Gather& packet);

  UniqueFd fd_;
  boost::system::error_code error_;
  bool segments_ = false;   ///< the kernel splits, as far as we know
  unsigned interface_ = 0;  ///< the one it is bound to; 0: any
};

/// The socket is full for now: ask the reactor when it takes more.
bool would_block(const boost::system::error_code& error);

}  // namespace slipway::net
