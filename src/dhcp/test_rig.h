// SPDX-License-Identifier: MPL-2.0
// For the tests of this room: packets as values, a small site, and the responder as clients meet it,
// bytes in and verdict out. The store grants or refuses as the test says.
#pragma once

#include <initializer_list>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dhcp/responder.h"
#include "wire/pxe_options.h"

namespace slipway::dhcp::test {

namespace opt = wire::opt;
using wire::DhcpMessage;
using wire::MessageType;

inline Ipv4 ip(std::string_view text) {
  return Ipv4::parse(text).value();
}
inline MacAddress mac(int last) {
  return {{0x52, 0x54, 0, 0x77, 0, static_cast<std::uint8_t>(last)}};
}
inline const Ipv4 server_address = ip("10.0.0.2");
inline const Instant start = from_unix_seconds(1'700'000'000);

// -- Packets ----------------------------------------------------------------------------------------

inline DhcpMessage packet(MessageType type, int client = 1) {
  DhcpMessage message;
  message.set_mac(mac(client));
  message.xid = 0x1000u + static_cast<unsigned>(client);
  message.options.set<opt::MessageType>(type);
  return message;
}
inline DhcpMessage discover(int client = 1) {
  return packet(MessageType::discover, client);
}
inline DhcpMessage selecting(std::string_view address, int client = 1) {
  DhcpMessage message = packet(MessageType::request, client);
  message.options.set<opt::ServerId>(server_address);
  message.options.set<opt::RequestedAddress>(ip(address));
  return message;
}
inline DhcpMessage init_reboot(std::string_view address, int client = 1) {
  DhcpMessage message = packet(MessageType::request, client);
  message.options.set<opt::RequestedAddress>(ip(address));
  return message;
}
inline DhcpMessage renewing(std::string_view address, int client = 1) {
  DhcpMessage message = packet(MessageType::request, client);
  message.ciaddr = ip(address);
  return message;
}
inline DhcpMessage release(std::string_view address, int client = 1) {
  DhcpMessage message = packet(MessageType::release, client);
  message.ciaddr = ip(address);
  message.options.set<opt::ServerId>(server_address);
  return message;
}
inline DhcpMessage decline(std::string_view address, int client = 1) {
  DhcpMessage message = packet(MessageType::decline, client);
  message.options.set<opt::RequestedAddress>(ip(address));
  message.options.set<opt::ServerId>(server_address);
  return message;
}
inline DhcpMessage relayed(DhcpMessage message, std::string_view giaddr) {
  message.giaddr = ip(giaddr);
  message.hops = 1;
  return message;
}

inline DhcpMessage as_pxe_rom(DhcpMessage message, std::uint16_t arch) {
  message.options.set<opt::VendorClass>("PXEClient:Arch:00000:UNDI:002001");
  message.options.set<opt::ClientArch>({arch});
  return message;
}
inline DhcpMessage as_ipxe(DhcpMessage message, std::uint16_t arch = 0) {
  message = as_pxe_rom(std::move(message), arch);
  message.options.set_raw(opt::UserClass::code, {'i', 'P', 'X', 'E'});
  return message;
}
/// As iPXE reports: each feature with a version byte of 1.
inline DhcpMessage with_features(DhcpMessage message, std::initializer_list<std::uint8_t> features) {
  wire::Options reported;
  for (std::uint8_t feature : features) reported.set_raw(feature, {1});
  message.options.set_raw(opt::IpxeFeatures::code, wire::encode_suboptions(reported));
  return message;
}
inline DhcpMessage as_http_rom(DhcpMessage message, std::uint16_t arch = 16) {
  message.options.set<opt::VendorClass>("HTTPClient:Arch:00016:UNDI:003001");
  message.options.set<opt::ClientArch>({arch});
  return message;
}

// -- A site -----------------------------------------------------------------------------------------

inline model::Pool pool(std::string_view first, std::string_view last, std::string only_class = {}) {
  return {{ip(first), ip(last)}, std::move(only_class), {}};
}
inline model::Subnet subnet(std::string_view network, std::initializer_list<model::Pool> pools) {
  model::Subnet made;
  made.network = Prefix::parse(network).value();
  made.interface = "eth1";
  made.pools = pools;
  return made;
}
inline model::Machine machine(std::string name, int client, std::optional<Ipv4> address = {}) {
  model::Machine made;
  made.name = std::move(name);
  made.macs = {mac(client)};
  made.address = address;
  return made;
}
/// 10.0.0.0/24 on eth1, where this server is 10.0.0.2: router, DNS and three addresses to give.
inline model::Draft site() {
  model::Draft draft;
  draft.server.interfaces = {"eth1", "eth2"};
  model::Subnet net = subnet("10.0.0.0/24", {pool("10.0.0.100", "10.0.0.102")});
  net.routers = {ip("10.0.0.1")};
  net.dns = {ip("10.0.0.3"), ip("10.0.0.4")};
  net.domain = "example.org";
  net.lease_time = std::chrono::seconds{1000};
  draft.subnets = {net};
  return draft;
}
inline std::shared_ptr<const model::Plan> plan_of(model::Draft draft) {
  auto plan = model::Plan::build(std::move(draft), {});
  if (!plan) {
    for (const Problem& problem : plan.error().problems) ADD_FAILURE() << problem.to_string();
    std::abort();
  }
  return *plan;
}

inline Arrival broadcast_on(std::string interface = "eth1") {
  return {std::move(interface),  7, server_address, Ipv4::broadcast(), {Ipv4::any(), wire::dhcp_client_port},
          wire::dhcp_server_port};
}
inline Arrival unicast_from(std::string_view source) {
  return {"eth1",
          7,
          server_address,
          server_address,
          {ip(source), wire::dhcp_client_port},
          wire::dhcp_server_port};
}

// -- The responder as clients meet it ---------------------------------------------------------------

class Rig {
 public:
  explicit Rig(model::Draft draft = site())
      : plan(plan_of(std::move(draft))),
        book(lease::Rules::from(*plan, {&server_address, 1})),
        responder(plan, {"undionly.kpxe", "ipxe.efi", "snponly.efi"}, book) {}

  Handled handle(const DhcpMessage& message, const Arrival& arrival = broadcast_on()) {
    auto parsed = wire::parse_dhcp(wire::serialize(message, 1472).bytes);
    EXPECT_TRUE(parsed.has_value());
    return responder.handle(*parsed, arrival, now);
  }

  /// What leaves in the end when the store grants everything.
  Settled send(const DhcpMessage& message, const Arrival& arrival = broadcast_on()) {
    return carry_out(handle(message, arrival).verdict);
  }
  Settled carry_out(Verdict verdict) {
    if (auto* claim = std::get_if<Claim>(&verdict))
      return carry_out(std::move(*claim), lease::Outcome::done());
    if (auto* answer = std::get_if<Answer>(&verdict)) return std::move(*answer);
    return std::get<Ignore>(verdict);
  }
  Settled carry_out(Claim claim, const lease::Outcome& outcome) {
    book.settle(claim.change, outcome, now);
    return settle(std::move(claim), outcome);
  }
  /// A client that gets this address and keeps it.
  void lease_to(int client, std::string_view address) {
    Settled answered = send(selecting(address, client));
    auto* answer = std::get_if<Answer>(&answered);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->message.options.get<opt::MessageType>(), MessageType::ack);
  }

  /// The operator changed the file.
  void publish(model::Draft draft) {
    plan = plan_of(std::move(draft));
    book.set_rules(lease::Rules::from(*plan, {&server_address, 1}), now);
    responder.publish(plan, {});
  }

  std::shared_ptr<const model::Plan> plan;
  lease::Book book;
  Responder responder;
  Instant now = start;
};

inline const DhcpMessage& said(const Settled& settled) {
  static const DhcpMessage nothing;
  auto* answer = std::get_if<Answer>(&settled);
  EXPECT_TRUE(answer) << "nothing was said";
  return answer ? answer->message : nothing;
}

// "an OFFER of 10.0.0.100"
MATCHER_P2(Says, type, address, "") {
  auto* answer = std::get_if<Answer>(&arg);
  if (!answer) return false;
  *result_listener << "yiaddr " << answer->message.yiaddr.to_string();
  return answer->message.options.template get<opt::MessageType>() == type &&
         answer->message.yiaddr == ip(address);
}
inline auto Offers(std::string_view address) {
  return Says(MessageType::offer, address);
}
inline auto Acks(std::string_view address) {
  return Says(MessageType::ack, address);
}
inline auto Naks() {
  return Says(MessageType::nak, "0.0.0.0");
}
MATCHER_P(Drops, why, std::string("is dropped as ") + std::string(to_string(why))) {
  auto* ignore = std::get_if<Ignore>(&arg);
  if (ignore) *result_listener << "dropped as " << to_string(ignore->why);
  return ignore && ignore->why == why;
}

}  // namespace slipway::dhcp::test
