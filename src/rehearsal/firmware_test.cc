// SPDX-License-Identifier: MPL-2.0
// The firmware this room plays, held to captures of the real thing.
#include "rehearsal/test_stage.h"
#include "wire/pxe_options.h"

namespace slipway::rehearsal {
namespace {

using namespace test;
using wire::DhcpMessage;
using wire::MessageType;

/// The packets of a capture that a client sent to this port, in order.
std::vector<DhcpMessage> sent_in(const std::string& name, MessageType type,
                                 std::uint16_t port = wire::dhcp_server_port) {
  std::string file = read_source_file("tests/golden/" + name + ".pcap");
  auto capture = wire::read_pcap(as_bytes(file));
  std::vector<DhcpMessage> messages;
  for (const wire::Datagram& datagram : capture->datagrams) {
    auto message = wire::parse_dhcp(datagram.payload);
    if (datagram.to.port == port && message && message->options.get<opt::MessageType>() == type) {
      messages.push_back(std::move(*message));
    }
  }
  EXPECT_FALSE(messages.empty()) << name;
  return messages;
}

/// All of it but what belongs to one machine and one moment.
void expect_same(DhcpMessage played, DhcpMessage captured) {
  for (DhcpMessage* message : {&played, &captured}) {
    message->xid = 0;
    message->secs = 0;
    message->ciaddr = {};
    message->options.remove(opt::ServerId::code);
    message->options.remove(opt::RequestedAddress::code);
    if (auto features = message->options.get<opt::IpxeFeatures>()) {
      auto list = *wire::parse_suboptions(*features);
      list.remove(wire::IpxeOptions::bus_id_code);  // the network card's
      message->options.set_raw(opt::IpxeFeatures::code, wire::encode_suboptions(list));
    }
  }
  EXPECT_TRUE(played == captured) << "played " << played.flags << ", captured " << captured.flags;
  for (const Difference& each : differences(captured, played)) {
    ADD_FAILURE() << each.what << " captured " << each.captured << ", played " << each.ours;
  }
}

Persona like(const DhcpMessage& captured, std::string_view firmware, std::optional<model::Arch> arch = {}) {
  Persona persona = client(firmware);
  persona.mac = captured.mac().value();
  persona.arch = arch;
  if (auto raw = captured.options.get<opt::ClientUuid>()) {
    persona.uuid = Uuid{};
    std::copy(raw->begin() + 1, raw->end(), persona.uuid->bytes.begin());
  }
  return persona;
}

void expect_played(const std::string& capture, std::string_view firmware, std::size_t which = 0,
                   std::optional<model::Arch> arch = {}) {
  SCOPED_TRACE(capture);
  for (MessageType type : {MessageType::discover, MessageType::request}) {
    auto messages = sent_in(capture, type);
    ASSERT_GT(messages.size(), which);
    const DhcpMessage& captured = messages[which];
    expect_same(message_of(like(captured, firmware, arch), type), captured);
  }
}

TEST(Firmware, SendsWhatTheRealThingSent) {
  expect_played("uefi-pxe-ipxe", "pxe");
  expect_played("aarch64-pxe", "pxe", 0, model::Arch::uefi_arm64);
  expect_played("raw-bios", "pxe", 0, model::Arch::bios);
  expect_played("uefi-http", "http");
  expect_played("bios-ipxe-http", "ipxe");
  expect_played("dhcp-udhcpc-release", "linux");
}

TEST(Firmware, SendsAsIpxeWhatIpxeSentAfterUefiHadLoadedIt) {
  auto messages = sent_in("uefi-pxe-ipxe", MessageType::discover);
  const DhcpMessage& second = messages.back();
  expect_same(message_of(like(second, "ipxe", model::Arch::uefi_x64), MessageType::discover), second);
}

TEST(Firmware, SendsAsGrubWhatGrubSent) {
  auto discover = sent_in("uefi-http", MessageType::discover).back();
  expect_same(message_of(like(discover, "grub"), MessageType::discover), discover);
  auto request = sent_in("uefi-http", MessageType::request).back();
  expect_same(message_of(like(request, "grub"), MessageType::request), request);
}

TEST(Firmware, AsksAProxyAsTheRealThingAsked) {
  DhcpMessage uefi = sent_in("proxy-uefi", MessageType::request, wire::proxy_dhcp_port).front();
  DhcpMessage played = proxy_request_of(like(uefi, "pxe"));
  played.flags = uefi.flags;  // its socket has an address by now and wants no broadcast
  expect_same(played, uefi);
}

TEST(Firmware, HasAWordAndASentenceForEveryRow) {
  for (const Firmware& firmware : firmwares()) {
    EXPECT_EQ(find_firmware(firmware.name)->says, firmware.says);
    EXPECT_FALSE(firmware.says.empty());
  }
  EXPECT_EQ(find_firmware("toaster"), nullptr);
}

TEST(Firmware, LetsTheOperatorHaveTheLastWord) {
  Persona persona = client("pxe");
  persona.vendor_class = "Own";
  persona.client_id = Bytes{0, 1};
  persona.options = {{12, {'n', '1'}}, {60, {'X'}}};
  persona.giaddr = ip("10.78.0.1");
  persona.circuit_id = {'e', '7'};
  DhcpMessage message = message_of(persona, MessageType::discover);
  EXPECT_EQ(message.options.get<opt::VendorClass>(), "X");
  EXPECT_EQ(message.options.get<opt::HostName>(), "n1");
  EXPECT_EQ(message.options.get<opt::ClientId>(), (Bytes{0, 1}));
  EXPECT_EQ(message.giaddr, ip("10.78.0.1"));
  EXPECT_EQ(message.options.get<opt::RelayAgent>(), (Bytes{1, 2, 'e', '7'}));
}

TEST(Firmware, NamesHttpBootsOwnArchitectures) {
  Persona persona = client("http");
  EXPECT_EQ(arch_of(persona), model::Arch::http_x64);
  persona.arch = model::Arch::uefi_arm64;
  EXPECT_EQ(arch_of(persona), model::Arch::http_arm64);
}

}  // namespace
}  // namespace slipway::rehearsal
