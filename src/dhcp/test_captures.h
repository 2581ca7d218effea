// SPDX-License-Identifier: MPL-2.0
// For tests: the requests of tests/golden/*.pcap, put to a responder as they came, where it gives the
// addresses and where it stands beside another server.
#pragma once

#include <algorithm>
#include <filesystem>

#include "base/test_golden.h"
#include "dhcp/test_rig.h"
#include "wire/pcap.h"

namespace slipway::dhcp::test {

/// The laboratory the captures come from: this server is 10.77.0.1, a relay leads to 10.78.0.0/24.
inline model::Draft laboratory(model::SubnetMode mode) {
  model::Draft draft;
  draft.server.interfaces = {"lab", "far"};
  model::Subnet near = subnet("10.77.0.0/24", {pool("10.77.0.90", "10.77.0.250")});
  near.interface = "lab";
  near.routers = {ip("10.77.0.1")};
  near.dns = {ip("10.77.0.1")};
  model::Subnet far = subnet("10.78.0.0/24", {pool("10.78.0.100", "10.78.0.200")});
  far.interface = "far";
  draft.subnets = {near, far};
  for (model::Subnet& each : draft.subnets) {
    each.mode = mode;
    if (mode == model::SubnetMode::proxy) each.pools.clear();
  }
  return draft;
}

/// One request and what became of it.
struct Asked {
  DhcpMessage request;
  Arrival arrival;
  Trace trace;
  Settled settled;

  const Answer* answer() const { return std::get_if<Answer>(&settled); }
  /// The answer as it is on the wire.
  Bytes bytes() const { return wire::serialize(answer()->message, answer()->max_size).bytes; }
  DhcpMessage reply() const { return wire::parse_dhcp(bytes()).value(); }
};

/// The file names of all captures, sorted.
inline std::vector<std::string> capture_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(SLIPWAY_SOURCE_DIR "/tests/golden")) {
    if (entry.path().extension() == ".pcap") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Every request to a DHCP server in a capture, in its order; none in a capture of something else.
inline std::vector<Asked> replay(const std::string& capture_name, model::SubnetMode mode) {
  std::string file = read_source_file("tests/golden/" + capture_name);
  auto capture = wire::read_pcap(as_bytes(file));
  Rig rig(laboratory(mode));
  std::vector<Asked> all;
  for (const wire::Datagram& datagram : capture->datagrams) {
    bool to_server = datagram.to.port == wire::dhcp_server_port || datagram.to.port == wire::proxy_dhcp_port;
    auto message = wire::parse_dhcp(datagram.payload);
    if (!to_server || datagram.cut || !message || message->op != wire::Op::boot_request) continue;
    Asked asked{*message,
                {"lab", 7, ip("10.77.0.1"), datagram.to.address, datagram.from, datagram.to.port},
                {},
                Ignore{}};
    Handled handled = rig.handle(*message, asked.arrival);
    asked.trace = std::move(handled.trace);
    asked.settled = rig.carry_out(std::move(handled.verdict));
    all.push_back(std::move(asked));
  }
  return all;
}

}  // namespace slipway::dhcp::test
