// SPDX-License-Identifier: MPL-2.0
#include "model/machine.h"

#include <algorithm>

#include "base/hex.h"
#include "base/printable.h"

namespace slipway::model {
namespace {

std::string text_of(ByteView bytes) {
  std::string text = printable(as_text(bytes));
  return text == as_text(bytes) ? text : "hex:" + to_hex(bytes);
}

/// Circuit and remote id in one; each may be missing.
std::string port_key(ByteView circuit, ByteView remote) {
  std::string key = std::to_string(circuit.size());
  key += ' ';
  key += as_text(circuit);
  key += as_text(remote);
  return key;
}

/// SMBIOS 3 §7.2.1: the first three fields little-endian. Most firmware sends them so in option 97 (RFC 4578
/// §2.3 says nothing of it); dmidecode, hypervisors and stickers show them the other way round.
Uuid in_the_other_order(Uuid uuid) {
  auto at = uuid.bytes.begin();
  std::reverse(at, at + 4);
  std::reverse(at + 4, at + 6);
  std::reverse(at + 6, at + 8);
  return uuid;
}

}  // namespace

std::vector<Identifier> identifiers_of(const Machine& machine) {
  std::vector<Identifier> all;
  for (const MacAddress& mac : machine.macs) all.push_back({"mac", "MAC address", mac.to_string()});
  if (machine.uuid) all.push_back({"uuid", "UUID", machine.uuid->to_string()});
  if (!machine.client_id.empty()) all.push_back({"client-id", "client id", text_of(machine.client_id)});
  if (!machine.is_a_port()) return all;
  std::string circuit = text_of(machine.relay_circuit), remote = text_of(machine.relay_remote);
  if (machine.relay_remote.empty()) {
    all.push_back({"relay-circuit", "relay circuit", circuit});
  } else if (machine.relay_circuit.empty()) {
    all.push_back({"relay-remote", "relay remote id", remote});
  } else {
    all.push_back({"relay-circuit", "relay circuit and remote id", circuit + " at " + remote});
  }
  return all;
}

Client client_of(const Machine& machine) {
  Client client;
  if (!machine.macs.empty()) client.mac = machine.macs.front();
  client.uuid = machine.uuid;
  client.client_id = machine.client_id;
  client.relay_circuit = machine.relay_circuit;
  client.relay_remote = machine.relay_remote;
  client.address = machine.address.value_or(Ipv4::any());
  return client;
}

const Machine* MachineMatch::in(const Prefix& network) const {
  for (const Same& same : std::span(by_).first(count_)) {
    for (const Machine* machine : same) {
      if (machine->address && network.contains(*machine->address)) return machine;
    }
  }
  return nullptr;
}

MachineIndex::MachineIndex(const std::vector<Machine>& machines) {
  for (const Machine& machine : machines) {
    for (const MacAddress& mac : machine.macs) by_mac_[mac].push_back(&machine);
    if (machine.uuid) {
      by_uuid_[std::string(as_text(machine.uuid->bytes))].push_back(&machine);
      Uuid other = in_the_other_order(*machine.uuid);
      if (other != *machine.uuid) by_uuid_[std::string(as_text(other.bytes))].push_back(&machine);
    }
    if (!machine.client_id.empty()) {
      by_client_id_[std::string(as_text(machine.client_id))].push_back(&machine);
    }
    if (machine.is_a_port())
      by_port_[port_key(machine.relay_circuit, machine.relay_remote)].push_back(&machine);
  }
}

MachineMatch::Same MachineIndex::find(const ByText& index, std::string_view key) {
  auto found = index.find(key);
  return found == index.end() ? MachineMatch::Same{} : MachineMatch::Same(found->second);
}

MachineMatch MachineIndex::match(const Client& client) const {
  MachineMatch match;
  if (auto found = by_mac_.find(client.mac); found != by_mac_.end()) match.add(found->second);
  if (client.uuid && !by_uuid_.empty()) match.add(find(by_uuid_, as_text(client.uuid->bytes)));
  if (!client.client_id.empty()) match.add(find(by_client_id_, as_text(client.client_id)));
  const Bytes &circuit = client.relay_circuit, &remote = client.relay_remote;
  if (!knows_ports() || (circuit.empty() && remote.empty())) return match;
  if (!circuit.empty() && !remote.empty()) match.add(find(by_port_, port_key(circuit, remote)));
  if (!circuit.empty()) match.add(find(by_port_, port_key(circuit, {})));
  if (!remote.empty()) match.add(find(by_port_, port_key({}, remote)));
  return match;
}

}  // namespace slipway::model
