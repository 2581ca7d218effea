// SPDX-License-Identifier: MPL-2.0
// What every answer to real firmware has to hold, whatever the golden texts say: each rule is one that
// firmware was seen to need, put to every request of every capture, where Slipway gives the addresses and
// beside another server.
#include <map>

#include "dhcp/test_captures.h"

namespace slipway::dhcp {
namespace {

using namespace test;
using model::Arch;
using model::Stage;
using model::SubnetMode;

struct Replayed : ::testing::TestWithParam<SubnetMode> {
  /// Every request that was answered, with the name of its capture for a failure's message.
  template <typename Rule>
  void for_each_answer(const Rule& rule) {
    std::size_t answers = 0;
    for (const std::string& capture : capture_names()) {
      for (const Asked& asked : replay(capture, GetParam())) {
        if (!asked.answer()) continue;
        SCOPED_TRACE(capture + ", " + asked.trace.reason);
        rule(asked, asked.reply());
        ++answers;
      }
    }
    EXPECT_GT(answers, 30u) << "nothing was put to the test";
  }
  static bool is_proxy() { return GetParam() == SubnetMode::proxy; }
};

INSTANTIATE_TEST_SUITE_P(Golden, Replayed, ::testing::Values(SubnetMode::dhcp, SubnetMode::proxy),
                         [](auto& mode) { return mode.param == SubnetMode::dhcp ? "Full" : "Proxy"; });

bool is_uefi(const Asked& asked) {
  return asked.trace.client.stage == Stage::pxe_rom && asked.trace.client.arch &&
         *asked.trace.client.arch != Arch::bios;
}

bool is_boot_stage(Stage stage) {
  return stage == Stage::pxe_rom || stage == Stage::http_rom || stage == Stage::ipxe;
}

// RFC 2131 §4.3.1, table 3.
TEST_P(Replayed, CopiesWhatTellsTheClientThatItIsMeant) {
  for_each_answer([](const Asked& asked, const DhcpMessage& reply) {
    EXPECT_EQ(reply.xid, asked.request.xid);
    EXPECT_EQ(reply.chaddr, asked.request.chaddr);
    EXPECT_EQ(reply.hlen, asked.request.hlen);
    EXPECT_EQ(reply.giaddr, asked.request.giaddr);
    EXPECT_EQ(reply.flags | wire::broadcast_flag, asked.request.flags | wire::broadcast_flag);
  });
}

// OVMF and iPXE boot without almost anything, but not without option 54.
TEST_P(Replayed, AlwaysNamesTheServer) {
  for_each_answer([](const Asked&, const DhcpMessage& reply) {
    EXPECT_EQ(reply.options.get<opt::ServerId>(), ip("10.77.0.1"));
  });
}

// RFC 6842 §3, RFC 4578 §2.3, RFC 3046 §2.2.
TEST_P(Replayed, BringsBackTheClientsIdItsUuidAndTheRelaysOption) {
  for_each_answer([](const Asked& asked, const DhcpMessage& reply) {
    bool nak = reply.options.get<opt::MessageType>() == MessageType::nak;
    for (std::uint8_t code : {opt::ClientId::code, opt::ClientUuid::code, opt::RelayAgent::code}) {
      if (nak && code == opt::ClientUuid::code) continue;
      auto sent = asked.request.options.raw(code), back = reply.options.raw(code);
      ASSERT_EQ(sent.has_value(), back.has_value()) << "option " << int{code};
      EXPECT_TRUE(!sent || std::equal(sent->begin(), sent->end(), back->begin(), back->end()));
    }
    std::uint8_t last = 0;
    for (auto entry : reply.options.entries()) last = entry.code;
    EXPECT_EQ(reply.options.has(opt::RelayAgent::code), last == opt::RelayAgent::code) << "last of all";
  });
}

// RFC 1542 §2.1: 300 bytes at least; RFC 2132 §9.10: at most what the client takes.
TEST_P(Replayed, IsAsLongAsClientsTake) {
  for_each_answer([](const Asked& asked, const DhcpMessage&) {
    std::size_t most = std::max<std::size_t>(
        asked.request.options.get<opt::MaxMessageSize>().value_or(wire::default_max_size),
        wire::default_max_size);
    EXPECT_GE(asked.bytes().size(), 300u);
    EXPECT_LE(asked.bytes().size(), most - wire::ip_udp_overhead);
    EXPECT_TRUE(wire::serialize(asked.answer()->message, asked.answer()->max_size).left_out.empty());
  });
}

// RFC 2131 §4.1: a ROM without an address answers no ARP, so the frame goes to its card, or to everybody.
TEST_P(Replayed, GoesWhereTheClientListens) {
  for_each_answer([](const Asked& asked, const DhcpMessage& reply) {
    const Destination& to = asked.answer()->to;
    if (asked.arrival.port == wire::proxy_dhcp_port) {
      EXPECT_EQ(to, Destination(ToSource{asked.arrival.source}));
      EXPECT_EQ(asked.answer()->from_port, wire::proxy_dhcp_port);
    } else if (!asked.request.giaddr.is_any()) {
      EXPECT_EQ(to, Destination(ToRelay{asked.request.giaddr}));
    } else if (reply.options.get<opt::MessageType>() == MessageType::nak) {
      EXPECT_EQ(to, Destination(Broadcast{7}));
    } else if (!asked.request.ciaddr.is_any()) {
      EXPECT_EQ(to, Destination(Unicast{asked.request.ciaddr}));
    } else if (asked.request.wants_broadcast() || reply.yiaddr.is_any()) {
      EXPECT_EQ(to, Destination(Broadcast{7}));
    } else {
      EXPECT_EQ(to, Destination(RawUnicast{reply.yiaddr, *asked.request.mac(), 7}));
    }
  });
}

// `file` alone, 67 alone, either does: ROMs read the one or the other. iPXE does not boot without siaddr.
TEST_P(Replayed, NamesTheBootFileInTheFieldAndInTheOption) {
  for_each_answer([](const Asked& asked, const DhcpMessage& reply) {
    if (!is_boot_stage(asked.trace.client.stage) || asked.trace.boot_file.empty()) return;
    if (reply.options.get<opt::MessageType>() == MessageType::nak) return;
    EXPECT_EQ(reply.file, asked.trace.boot_file);
    EXPECT_EQ(reply.options.get<opt::BootFileName>(), asked.trace.boot_file);
    EXPECT_EQ(reply.options.get<opt::TftpServerName>(), "10.77.0.1");
    EXPECT_EQ(reply.siaddr, ip("10.77.0.1"));
  });
}

// UEFI's HTTP Boot passes over every answer without it, and takes an absolute URL (UEFI 2.10 §24.7.3.1).
TEST_P(Replayed, SaysHttpClientToHttpClientsWithAnAbsoluteUrl) {
  std::size_t seen = 0;
  for_each_answer([&](const Asked& asked, const DhcpMessage& reply) {
    if (asked.trace.client.stage != Stage::http_rom) return;
    ++seen;
    EXPECT_EQ(reply.options.get<opt::VendorClass>(), "HTTPClient");
    EXPECT_THAT(reply.file, ::testing::StartsWith("http://10.77.0.1/"));
    EXPECT_THAT(reply.file, ::testing::EndsWith(".efi"));
  });
  EXPECT_GT(seen, 0u);
}

// EDK2 takes an answer with option 60 and without 43 for one of a server that wants to be asked on port 4011,
// and some of its versions drop a proxy's offer with 43: alone 60 means "ask there", neither means "this is
// all".
TEST_P(Replayed, TellsUefiByOptions60And43WhetherToAskOnPort4011) {
  std::size_t seen = 0;
  for_each_answer([&](const Asked& asked, const DhcpMessage& reply) {
    if (!is_uefi(asked)) return;
    ++seen;
    EXPECT_FALSE(reply.options.has(opt::VendorOptions::code));
    EXPECT_EQ(reply.options.has(opt::VendorClass::code),
              is_proxy() || asked.arrival.port == wire::proxy_dhcp_port);
  });
  EXPECT_GT(seen, 0u);
}

// PXE 2.1 §2.2.3 and table 2-1: a proxy's offer says PXEClient, and 43 = 6,1,8: boot the file named here.
TEST_P(Replayed, TellsAPcRomToTakeTheProxysFileAndIpxeNotToWaitForAProxy) {
  for_each_answer([](const Asked& asked, const DhcpMessage& reply) {
    const model::Client& client = asked.trace.client;
    bool ipxe = client.stage == Stage::ipxe;
    bool proxied = is_proxy() || asked.arrival.port == wire::proxy_dhcp_port;
    if (proxied && (ipxe || (client.stage == Stage::pxe_rom && client.arch == Arch::bios))) {
      EXPECT_EQ(reply.options.get<opt::VendorClass>(), "PXEClient");
      EXPECT_EQ(reply.options.get<opt::VendorOptions>(), (Bytes{6, 1, 8, 255}));
    }
    if (!ipxe || reply.options.get<opt::MessageType>() == MessageType::nak) return;
    auto told = reply.options.raw(opt::IpxeFeatures::code);
    auto ipxe_options = told ? wire::parse_suboptions(*told) : std::nullopt;
    bool no_proxy = ipxe_options && ipxe_options->has(wire::IpxeOptions::no_proxy_dhcp_code);
    EXPECT_EQ(no_proxy, !proxied) << "two seconds at every stage, or a boot file that is never heard";
  });
}

// Beside another server nothing of ours gives an address or takes one away, and only boot clients hear us.
TEST_P(Replayed, GivesNoAddressBesideAnotherServer) {
  if (!is_proxy()) return;
  for_each_answer([](const Asked& asked, const DhcpMessage& reply) {
    EXPECT_TRUE(is_boot_stage(asked.trace.client.stage));
    EXPECT_TRUE(reply.yiaddr.is_any());
    for (std::uint8_t code : {opt::LeaseTime::code, opt::RenewalTime::code, opt::RebindingTime::code,
                              opt::SubnetMask::code, opt::Routers::code}) {
      EXPECT_FALSE(reply.options.has(code)) << int{code};
    }
    bool on_4011 = asked.arrival.port == wire::proxy_dhcp_port;
    EXPECT_EQ(reply.options.get<opt::MessageType>(), on_4011 ? MessageType::ack : MessageType::offer);
    EXPECT_EQ(asked.trace.asked == MessageType::discover, !on_4011);
  });
}

// "A second DISCOVER with the same xid offered another address" is one of the usual mistakes.
TEST_P(Replayed, OffersTheSameAddressAsOftenAsItIsAsked) {
  if (is_proxy()) return;
  for (const std::string& capture : capture_names()) {
    std::map<std::uint32_t, Ipv4> offered;
    for (const Asked& asked : replay(capture, GetParam())) {
      if (!asked.answer() || asked.trace.asked != MessageType::discover) continue;
      Ipv4 address = asked.reply().yiaddr;
      EXPECT_EQ(offered.emplace(asked.request.xid, address).first->second, address) << capture;
    }
  }
}

}  // namespace
}  // namespace slipway::dhcp
