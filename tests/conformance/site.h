// SPDX-License-Identifier: MPL-2.0
// A server made of the text of its configuration, met as clients meet it: bytes in, bytes out. Its store
// grants everything. It is 10.0.0.2 on eth1.
#pragma once

#include "base/hex.h"
#include "config/config.h"
#include "dhcp/test_rig.h"

namespace slipway::conformance {

namespace opt = wire::opt;
using dhcp::test::discover;
using dhcp::test::ip;
using dhcp::test::mac;
using wire::DhcpMessage;
using wire::MessageType;

/// What a file starts with. Keys of this subnet may follow.
inline const std::string one_subnet = R"(
[server]
interfaces = ["eth1"]
[[subnet]]
network = "10.0.0.0/24"
range = "10.0.0.100-10.0.0.150"
)";

class Site {
 public:
  explicit Site(const std::string& file)
      : plan_(read(file)),
        book_(lease::Rules::from(*plan_, {&dhcp::test::server_address, 1})),
        responder_(plan_, {"undionly.kpxe", "ipxe.efi"}, book_) {}

  /// The bytes that come back; none for silence.
  Bytes send(const DhcpMessage& message, std::size_t mtu = 1472) {
    auto arrived = wire::parse_dhcp(wire::serialize(message, mtu).bytes);
    if (!arrived) return {};
    dhcp::Verdict verdict = responder_.handle(*arrived, arrival_of(*arrived), dhcp::test::start).verdict;
    if (auto* claim = std::get_if<dhcp::Claim>(&verdict)) {
      book_.settle(claim->change, lease::Outcome::done(), dhcp::test::start);
      auto settled = dhcp::settle(std::move(*claim), lease::Outcome::done());
      auto* answer = std::get_if<dhcp::Answer>(&settled);
      return answer ? bytes_of(*answer) : Bytes{};
    }
    if (auto* ignored = std::get_if<dhcp::Ignore>(&verdict)) dropped_ = to_string(ignored->why);
    auto* answer = std::get_if<dhcp::Answer>(&verdict);
    return answer ? bytes_of(*answer) : Bytes{};
  }
  std::optional<DhcpMessage> ask(const DhcpMessage& message) {
    Bytes answer = send(message);
    if (answer.empty()) return std::nullopt;
    auto parsed = wire::parse_dhcp(answer);
    if (!parsed) return std::nullopt;
    return *parsed;
  }
  /// One option of the answer in hexadecimal; "none" when the answer lacks it, "silence" when there is none.
  std::string option(std::uint8_t code, const DhcpMessage& message) {
    auto answer = ask(message);
    if (!answer) return "silence";
    auto value = answer->options.raw(code);
    return value ? to_hex(*value) : "none";
  }
  std::string_view dropped() const { return dropped_; }

 private:
  static std::shared_ptr<const model::Plan> read(const std::string& file) {
    auto plan = config::load_text(file, "f", {});
    if (plan) return *plan;
    for (const Problem& problem : plan.error().problems) ADD_FAILURE() << problem.to_string();
    std::abort();
  }
  static dhcp::Arrival arrival_of(const DhcpMessage& message) {
    return message.ciaddr.is_any() ? dhcp::test::broadcast_on()
                                   : dhcp::test::unicast_from(message.ciaddr.to_string());
  }
  static Bytes bytes_of(const dhcp::Answer& answer) {
    return wire::serialize(answer.message, answer.max_size).bytes;
  }

  std::shared_ptr<const model::Plan> plan_;
  lease::Book book_;
  dhcp::Responder responder_;
  std::string_view dropped_;
};

inline DhcpMessage asking(std::vector<std::uint8_t> codes, DhcpMessage message = discover()) {
  message.options.set<opt::ParameterList>(codes);
  return message;
}
inline DhcpMessage inform() {
  DhcpMessage message = dhcp::test::packet(MessageType::inform);
  message.ciaddr = ip("10.0.0.90");
  return message;
}
inline std::string hex_of(std::string_view text) {
  return to_hex(as_bytes(text));
}

}  // namespace slipway::conformance
