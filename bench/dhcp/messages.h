// SPDX-License-Identifier: MPL-2.0
// What the clients say and hear, at the price of a copy: each message is serialized once, then only its
// numbers are put in (RFC 2131 §2). Answers are read here too, by other eyes than the server's.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "base/address.h"
#include "base/bytes.h"
#include "wire/dhcp_message.h"

namespace slipway::bench {

enum class Say { discover, request, renew };

/// On whose behalf and by which way the messages go.
struct Manner {
  Ipv4 relay;             ///< giaddr; any: from the client itself, with the broadcast flag
  bool firmware = false;  ///< with the options of a PXE ROM (PXE 2.1 §2.2.1), else of an operating system
};

/// The numbers of one message.
struct Details {
  std::uint32_t xid = 0;
  MacAddress mac;
  Ipv4 address;  ///< option 50, or ciaddr of a renewal
  Ipv4 server;   ///< option 54
};

struct Packet {
  std::array<std::uint8_t, 548> bytes;
  std::size_t size = 0;
};

class Messages {
 public:
  explicit Messages(const Manner& manner);
  void write(Say what, const Details& details, Packet& packet) const;

 private:
  struct Form {
    Bytes bytes;
    std::size_t address_at = 0, server_at = 0, uuid_at = 0;  ///< 0: not in this message
  };
  static Form form(Say what, const Manner& manner);

  std::array<Form, 3> forms_;
};

struct Heard {
  wire::MessageType type{};
  std::uint32_t xid = 0;
  MacAddress mac;
  Ipv4 address, server;
};
/// Nothing when it is no answer of a DHCP server.
std::optional<Heard> read_answer(ByteView datagram);

}  // namespace slipway::bench
