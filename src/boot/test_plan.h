// SPDX-License-Identifier: MPL-2.0
// Plans, images and clients for this room's tests, and the comparison with golden files.
#pragma once

#include <gmock/gmock.h>

#include "base/test_golden.h"
#include "boot/ipxe_script.h"
#include "model/plan.h"

namespace slipway::boot::testing {

inline constexpr const char* stamp = "20240102T030405Z";
inline constexpr const char* wiki_hash = "$5$2HOHRnK3$NvLlm.1KQBbB0WjoP7xcIwGnllhzp2HnT.mDO7DpxYA";

inline MacAddress mac(std::string_view text = "0c:c4:7a:ab:cd:ef") {
  return *MacAddress::parse(text);
}

inline model::Image smartos_image(std::string version = stamp, std::string id = std::string(64, 'a')) {
  model::Image image;
  image.id = std::move(id);
  image.version = std::move(version);
  for (const char* path : {"platform/i86pc/amd64/boot_archive", "platform/i86pc/amd64/boot_archive.hash",
                           "platform/i86pc/kernel/amd64/unix"})
    image.files.push_back({path, 1000, std::string(64, '0'), std::string(40, '0')});
  return image;
}

inline model::Profile profile(std::string name = "smartos") {
  model::Profile made;
  made.name = std::move(name);
  made.image = {model::ImageKind::smartos, "latest"};
  made.properties = {{"smartos", "true", {}}};
  return made;
}

/// One subnet, one profile, one machine called node1.
inline model::Draft draft() {
  model::Draft made;
  made.server.interfaces = {"eth1"};
  model::Subnet subnet;
  subnet.network = *Prefix::parse("10.99.99.0/24");
  subnet.pools = {{{*Ipv4::parse("10.99.99.210"), *Ipv4::parse("10.99.99.219")}, "", {}}};
  made.subnets = {subnet};
  made.profiles = {profile()};
  model::Machine machine;
  machine.name = "node1";
  machine.macs = {mac()};
  made.machines = {machine};
  return made;
}

inline std::shared_ptr<const model::Plan> plan_of(model::Draft made,
                                                  std::vector<model::Image> images = {smartos_image()}) {
  auto plan = model::Plan::build(std::move(made), std::move(images));
  if (!plan) {
    for (const Problem& problem : plan.error().problems) ADD_FAILURE() << problem.to_string();
    std::abort();
  }
  return *plan;
}

/// What stock BIOS iPXE says of itself.
inline model::Client bios_ipxe(MacAddress address = mac()) {
  model::Client client;
  client.mac = address;
  client.arch = model::Arch::bios;
  client.stage = model::Stage::ipxe;
  client.features.reported = client.features.multiboot = client.features.http = client.features.menu = true;
  return client;
}

/// What a stock iPXE says of itself on UEFI.
inline model::Client uefi_ipxe() {
  model::Client client = bios_ipxe();
  client.arch = model::Arch::uefi_x64;
  client.features.multiboot = false;
  client.features.efi = true;
  return client;
}

inline model::Client stranger() {
  return bios_ipxe(mac("52:54:00:00:00:01"));
}

inline ScriptContext context() {
  return {{*Ipv4::parse("10.99.99.250"), 80, 69}, mac(), "node1", "r-42"};
}

/// Compares with tests/golden/boot/NAME; UPDATE_GOLDEN=1 writes it instead.
inline void expect_golden(const std::string& name, const std::string& text) {
  expect_file_says("tests/golden/boot/" + name, text);
}

}  // namespace slipway::boot::testing
