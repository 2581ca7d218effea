// SPDX-License-Identifier: MPL-2.0
// For tests: four machines, a group, three images, and a state that takes what is decided.
#pragma once

#include <gtest/gtest.h>

#include "assign/decisions.h"
#include "boot/decide.h"

namespace slipway::assign {

inline const Instant noon = from_unix_seconds(1704196800);

struct TestSite {
  TestSite() {
    model::Draft draft;
    draft.server.interfaces = {"eth1"};
    model::Subnet subnet;
    subnet.network = *Prefix::parse("10.0.0.0/24");
    draft.subnets = {subnet};
    draft.profiles = {profile("smartos", "latest"), profile("exact", "1")};
    draft.machines = {machine("node1", 1), machine("node2", 2), machine("fixed", 3), machine("bad", 4)};
    draft.machines[2].profile = "exact";
    draft.machines[3].properties = {{"note", "multiboot", {}}};
    model::Group rack;
    rack.name = "rack";
    rack.machines = {"node1"};
    draft.groups = {rack};
    for (const char* version : {"1", "2", "3"}) images.push_back(made(version));
    auto built = model::Plan::build(std::move(draft), images);
    if (!built) std::abort();
    plan = *built;
  }

  static model::Profile profile(std::string name, std::string version) {
    model::Profile made;
    made.name = std::move(name);
    made.image = {model::ImageKind::smartos, std::move(version)};
    return made;
  }
  static model::Machine machine(std::string name, std::uint8_t last) {
    model::Machine made;
    made.name = std::move(name);
    made.macs = {{{0x52, 0x54, 0, 0, 0, last}}};
    return made;
  }
  static model::Image made(const std::string& version) {
    model::Image image;
    image.id = std::string(64, version[0]);
    image.version = version;
    for (const char* path : {"platform/i86pc/amd64/boot_archive", "platform/i86pc/amd64/boot_archive.hash",
                             "platform/i86pc/kernel/amd64/unix"})
      image.files.push_back({path, 1000, std::string(64, '0'), std::string(40, '0')});
    return image;
  }

  const model::Image& image(const std::string& version) const {
    for (const model::Image& each : images) {
      if (each.version == version) return each;
    }
    std::abort();
  }
  void take_image(const std::string& version) {
    std::vector<model::Image> left;
    for (const model::Image& each : images) {
      if (each.version != version) left.push_back(each);
    }
    plan = plan->with_images(left);
  }

  /// Puts it in force; the sentence, or why not.
  std::string settle(const Result<Decided, Fault>& decided) {
    if (!decided) return decided.error().sentence();
    for (const Change& change : decided->changes) apply(state, change);
    plan = plan->with_assignments(std::make_shared<const model::Assignments>(state.assignments));
    return decided->sentence;
  }

  /// The version that a machine, by name or MAC address, would be served.
  std::string boots(const std::string& who) const {
    const model::Machine* named = plan->find_machine(who);
    model::Client client = named ? model::client_of(*named) : model::Client{};
    if (!named) client.mac = *MacAddress::parse(who);
    auto decision = boot::decide(*plan, client);
    auto* boot = std::get_if<boot::Boot>(&decision);
    return boot ? boot->entries.front().image->version : "nothing";
  }

  std::vector<model::Image> images;
  State state;
  std::shared_ptr<const model::Plan> plan;
};

inline void settle_ok(const Result<Decided, Fault>& decided, TestSite& site) {
  ASSERT_TRUE(decided) << decided.error().sentence();
  site.settle(decided);
}

}  // namespace slipway::assign
