// SPDX-License-Identifier: MPL-2.0
#include "walk/machine.h"

#include <gtest/gtest.h>

namespace slipway::walk {
namespace {

using namespace std::chrono_literals;
using wire::DhcpMessage;
using wire::MessageType;
namespace opt = wire::opt;

const Ipv4 server{0x0a000001}, leased{0x0a000042};

class MachineTest : public testing::Test {
 protected:
  Machine made(std::string_view route, bool eager = true) {
    return Machine(*find_route(route), {7, mac_of(7), {0x0a000002}, false}, 3, eager);
  }
  template <typename T>
  T order(Machine& machine) {
    auto orders = machine.take_orders();
    EXPECT_EQ(orders.size(), 1u);
    EXPECT_TRUE(orders.size() == 1 && std::holds_alternative<T>(orders[0]));
    return orders.size() == 1 && std::holds_alternative<T>(orders[0]) ? std::get<T>(orders[0]) : T{};
  }
  DhcpMessage answer(const DhcpMessage& question, MessageType type, const std::string& file) {
    DhcpMessage reply;
    reply.op = wire::Op::boot_reply;
    reply.xid = question.xid;
    reply.chaddr = question.chaddr;
    reply.yiaddr = leased;
    reply.siaddr = server;
    reply.file = file;
    reply.options.set<opt::MessageType>(type);
    reply.options.set<opt::ServerId>(server);
    return reply;
  }
  /// DISCOVER to ACK; the DISCOVER.
  DhcpMessage lease(Machine& machine, const std::string& file, Tick now = {}) {
    auto discover = order<DhcpMessage>(machine);
    EXPECT_EQ(discover.options.get<opt::MessageType>(), MessageType::discover);
    machine.receive(answer(discover, MessageType::offer, file), now);
    auto request = order<DhcpMessage>(machine);
    EXPECT_EQ(request.options.get<opt::RequestedAddress>(), leased);
    EXPECT_EQ(request.options.get<opt::ServerId>(), server);
    machine.receive(answer(request, MessageType::ack, file), now);
    return discover;
  }
  static FetchEnd good(std::uint64_t bytes, std::string text = {}) {
    return {true, "", bytes, 0, std::move(text)};
  }
};

TEST_F(MachineTest, WalksTheWholeWay) {
  Machine machine = made("bios");
  machine.power_on(Tick{});
  auto rom = lease(machine, "undionly.kpxe", Tick{1s});
  EXPECT_EQ(rom.options.get<opt::VendorClass>(), "PXEClient:Arch:00000:UNDI:002001");
  EXPECT_EQ(rom.giaddr, Ipv4{0x0a000002});
  EXPECT_EQ(rom.xid & ((1u << number_bits) - 1), 7u);
  EXPECT_EQ(order<Fetch>(machine).url.to_string(), "tftp://10.0.0.1/undionly.kpxe");
  machine.fetched(good(70'000), Tick{2s});
  auto ipxe = lease(machine, "http://10.0.0.1/boot/x.ipxe", Tick{3s});
  EXPECT_TRUE(ipxe.options.has(opt::IpxeFeatures::code));
  EXPECT_NE(ipxe.xid, rom.xid);
  auto script = order<Fetch>(machine);
  EXPECT_TRUE(script.keep);
  machine.fetched(good(60, "#!ipxe\nkernel /unix\nmodule archive\nboot\n"), Tick{4s});
  EXPECT_EQ(order<Fetch>(machine).url.to_string(), "http://10.0.0.1/unix");
  machine.fetched(good(100), Tick{5s});
  EXPECT_EQ(order<Fetch>(machine).url.to_string(), "http://10.0.0.1/boot/archive");
  EXPECT_FALSE(machine.over());
  machine.fetched(good(1000), Tick{9s});
  EXPECT_TRUE(machine.record().booted());
  EXPECT_EQ(machine.record().at(Stage::kernel).reached, Tick{5s});
  EXPECT_EQ(machine.record().at(Stage::archive).reached, Tick{9s});
  EXPECT_EQ(machine.record().at(Stage::archive).bytes, 1000u);
  EXPECT_EQ(machine.record().over, Tick{9s});
}

TEST_F(MachineTest, OfHttpBootAsksHeadFirst) {
  Machine machine = made("http");
  machine.power_on(Tick{});
  auto rom = lease(machine, "http://10.0.0.1/ipxe.efi");
  EXPECT_EQ(rom.options.get<opt::ClientArch>()->at(0), 16);
  EXPECT_TRUE(order<Fetch>(machine).head_first);
  machine.fetched(good(1), Tick{});
  EXPECT_EQ(order<DhcpMessage>(machine).options.get<opt::ClientArch>()->at(0), 7);
}

TEST_F(MachineTest, AsksAgainWhenFirmwareDoesAndGivesUpWithIt) {
  Machine machine = made("bios");
  Tick now{};
  machine.power_on(now);
  auto first = order<DhcpMessage>(machine);
  for (Duration wait : {4s, 8s, 16s}) {
    Tick asked = *machine.deadline();
    EXPECT_GE(asked - now, wait - 1s);
    EXPECT_LE(asked - now, wait + 1s);
    machine.tick(now = asked);
    EXPECT_EQ(order<DhcpMessage>(machine).xid, first.xid);
  }
  machine.tick(*machine.deadline());
  EXPECT_TRUE(machine.over());
  EXPECT_EQ(machine.record().failed, "no server answered 4 DISCOVERs");
  EXPECT_EQ(machine.record().at(Stage::offer).again, 3u);
}

TEST_F(MachineTest, OfUefiListensForFourSecondsUnlessEager) {
  Machine machine = made("uefi", false);
  machine.power_on(Tick{});
  machine.receive(answer(order<DhcpMessage>(machine), MessageType::offer, "ipxe.efi"), Tick{1s});
  EXPECT_TRUE(machine.take_orders().empty());
  EXPECT_EQ(machine.deadline(), Tick{4s});
  EXPECT_EQ(machine.record().at(Stage::offer).reached, Tick{1s});
  machine.tick(Tick{4s});
  EXPECT_EQ(order<DhcpMessage>(machine).options.get<opt::MessageType>(), MessageType::request);
}

TEST_F(MachineTest, HearsOnlyAnswersToItself) {
  Machine machine = made("bios");
  machine.power_on(Tick{});
  auto discover = order<DhcpMessage>(machine);
  auto other = answer(discover, MessageType::offer, "x");
  other.set_mac(mac_of(8));
  machine.receive(other, Tick{});
  other = answer(discover, MessageType::offer, "x");
  other.xid ^= 1u << number_bits;
  machine.receive(other, Tick{});
  machine.receive(discover, Tick{});
  EXPECT_TRUE(machine.take_orders().empty());
}

TEST_F(MachineTest, BeginsAnewAfterANak) {
  Machine machine = made("ipxe");
  machine.power_on(Tick{});
  machine.receive(answer(order<DhcpMessage>(machine), MessageType::offer, "x.ipxe"), Tick{});
  machine.receive(answer(order<DhcpMessage>(machine), MessageType::nak, ""), Tick{});
  EXPECT_EQ(order<DhcpMessage>(machine).options.get<opt::MessageType>(), MessageType::discover);
}

TEST_F(MachineTest, FailsWithItsReasonAtItsStage) {
  Machine none = made("bios");
  none.power_on(Tick{});
  lease(none, "");
  EXPECT_EQ(none.record().failed, "10.0.0.1 gave an address and named no boot file");

  Machine missing = made("bios");
  missing.power_on(Tick{});
  lease(missing, "undionly.kpxe");
  missing.take_orders();
  missing.fetched({false, "TFTP ERROR 1: no such file", 0, 0, ""}, Tick{});
  EXPECT_EQ(missing.record().stage, Stage::loader);
  EXPECT_EQ(missing.record().failed, "tftp://10.0.0.1/undionly.kpxe: TFTP ERROR 1: no such file");

  Machine loop = made("bios");
  loop.power_on(Tick{});
  lease(loop, "undionly.kpxe");
  loop.take_orders();
  loop.fetched(good(1), Tick{});
  lease(loop, "undionly.kpxe");
  EXPECT_EQ(loop.record().failed,
            "iPXE is told to load undionly.kpxe again: the server does not tell it from a ROM");
}

TEST_F(MachineTest, EndsThoughItsScriptsNeverDo) {
  Machine machine = made("ipxe");
  machine.power_on(Tick{});
  lease(machine, "http://10.0.0.1/a.ipxe");
  for (int i = 0; i < 20 && !machine.over(); ++i) {
    machine.take_orders();
    machine.fetched(good(1, "#!ipxe\nchain a.ipxe\n"), Tick{});
  }
  EXPECT_EQ(machine.record().failed, "8 scripts and no boot, the last from http://10.0.0.1/a.ipxe");
}

TEST(Program, GivesEveryMachineAMacAddressOfItsOwn) {
  EXPECT_NE(mac_of(1), mac_of(2));
  EXPECT_EQ(mac_of(1).to_string().substr(0, 9), "52:54:00:");
  EXPECT_FALSE(uuid_of(mac_of(1)).is_placeholder());
}

}  // namespace
}  // namespace slipway::walk
