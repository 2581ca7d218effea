// SPDX-License-Identifier: MPL-2.0
#include "model/machine.h"

#include <gtest/gtest.h>

namespace slipway::model {
namespace {

const MacAddress card = *MacAddress::parse("0c:c4:7a:ab:cd:ef");
const Uuid board = *Uuid::parse("564d7f5c-8f05-4a7e-9a10-0cc47aabcdef");

Bytes bytes(std::string_view text) {
  return {as_bytes(text).begin(), as_bytes(text).end()};
}

/// Five machines, each known by something else.
std::vector<Machine> machines() {
  std::vector<Machine> all(5);
  all[0].macs = {card};
  all[1].uuid = board;
  all[2].client_id = bytes("node3");
  all[3].relay_circuit = bytes("port4");
  all[4].relay_circuit = bytes("port4");
  all[4].relay_remote = bytes("rack2");
  return all;
}

TEST(MachineIndex, FindsAMachineByWhateverItIsKnownBy) {
  auto all = machines();
  MachineIndex index(all);
  Client client;
  EXPECT_EQ(index.match(client).first(), nullptr);
  client.relay_circuit = bytes("port4");
  EXPECT_EQ(index.match(client).first(), &all[3]);
  client.relay_remote = bytes("rack2");
  EXPECT_EQ(index.match(client).first(), &all[4]) << "the port of one relay goes before that of any";
  client.client_id = bytes("node3");
  EXPECT_EQ(index.match(client).first(), &all[2]);
  client.uuid = board;
  EXPECT_EQ(index.match(client).first(), &all[1]);
  client.mac = card;
  EXPECT_EQ(index.match(client).first(), &all[0]) << "a network card says most";
}

TEST(MachineIndex, KnowsAUuidInTheOrderThatSmbiosHasIt) {
  auto all = machines();
  MachineIndex index(all);
  Client client;
  client.uuid = Uuid::parse("5c7f4d56-058f-7e4a-9a10-0cc47aabcdef");
  EXPECT_EQ(index.match(client).first(), &all[1]);
  client.uuid = Uuid::parse("5c7f4d56-058f-7e4a-109a-0cc47aabcdef");
  EXPECT_EQ(index.match(client).first(), nullptr) << "only three fields have an order";
}

TEST(MachineIndex, KnowsNobodyByHalfAnIdentifier) {
  auto all = machines();
  MachineIndex index(all);
  Client client;
  client.client_id = bytes("node");
  client.relay_circuit = bytes("port");
  client.relay_remote = bytes("4");
  EXPECT_TRUE(index.match(client).empty());
}

TEST(MachineIndex, FindsTheEntryForTheSubnetAmongAllThatFit) {
  std::vector<Machine> all(3);
  all[0].macs = all[1].macs = {card};
  all[2].uuid = board;
  all[0].address = *Ipv4::parse("10.0.0.5");
  all[1].address = *Ipv4::parse("10.1.0.5");
  all[2].address = *Ipv4::parse("10.2.0.5");
  MachineIndex index(all);
  Client client;
  client.mac = card;
  client.uuid = board;
  MachineMatch match = index.match(client);
  EXPECT_EQ(match.first(), &all[0]);
  EXPECT_EQ(match.in(*Prefix::parse("10.1.0.0/16")), &all[1]);
  EXPECT_EQ(match.in(*Prefix::parse("10.2.0.0/16")), &all[2]);
  EXPECT_EQ(match.in(*Prefix::parse("10.3.0.0/16")), nullptr);
}

TEST(Machine, SaysWhatItIsKnownByForAPerson) {
  auto all = machines();
  all[2].client_id = {0xff, 0};
  std::vector<std::string> said;
  for (const Machine& machine : all) {
    for (const Identifier& known_by : identifiers_of(machine))
      said.push_back(known_by.kind + " " + known_by.value);
  }
  EXPECT_EQ(said,
            (std::vector<std::string>{"MAC address 0c:c4:7a:ab:cd:ef",
                                      "UUID 564d7f5c-8f05-4a7e-9a10-0cc47aabcdef", "client id hex:ff00",
                                      "relay circuit port4", "relay circuit and remote id port4 at rack2"}));
}

TEST(Machine, IsFoundByWhatItWouldSayOfItself) {
  auto all = machines();
  MachineIndex index(all);
  for (const Machine& machine : all) EXPECT_EQ(index.match(client_of(machine)).first(), &machine);
}

}  // namespace
}  // namespace slipway::model
