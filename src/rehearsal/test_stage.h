// SPDX-License-Identifier: MPL-2.0
// For the tests of this room: the laboratory that the captures of tests/golden come from, with the server
// of this program in the place of theirs.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_golden.h"
#include "rehearsal/replay.h"

namespace slipway::rehearsal::test {

namespace opt = wire::opt;

inline Ipv4 ip(std::string_view text) {
  return Ipv4::parse(text).value();
}
inline const MacAddress mac{{0x52, 0x54, 0, 0x77, 0, 1}};
inline const Place lab{"lab", 7, ip("10.77.0.1")};

inline model::Draft laboratory() {
  model::Draft draft;
  draft.server.interfaces = {"lab", "far"};
  model::Subnet subnet;
  subnet.network = Prefix::parse("10.77.0.0/24").value();
  subnet.interface = "lab";
  subnet.pools = {{{ip("10.77.0.90"), ip("10.77.0.250")}, {}, {}}};
  subnet.routers = subnet.dns = {ip("10.77.0.1")};
  model::Subnet far = subnet;
  far.network = Prefix::parse("10.78.0.0/24").value();
  far.interface = "far";
  far.routers.clear();
  far.pools = {{{ip("10.78.0.100"), ip("10.78.0.200")}, {}, {}}};
  draft.subnets = {subnet, far};
  return draft;
}

inline Stage stage(model::Draft draft = laboratory()) {
  auto plan = model::Plan::build(std::move(draft), {});
  if (!plan) std::abort();
  return {*plan,
          {"undionly.kpxe", "ipxe.efi", "snponly.efi"},
          {ip("10.77.0.1")},
          {},
          from_unix_seconds(1'700'000'000)};
}

inline Persona client(std::string_view firmware) {
  Persona persona;
  persona.firmware = find_firmware(firmware);
  persona.mac = mac;
  return persona;
}

}  // namespace slipway::rehearsal::test
