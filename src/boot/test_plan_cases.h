// SPDX-License-Identifier: MPL-2.0
// For the rules that no text of a script can break: a configuration that does, and one as near as possible
// that does not.
#pragma once

#include <functional>
#include <vector>

#include "boot/boot_files.h"
#include "boot/loader_lint.h"
#include "boot/test_plan.h"

namespace slipway::boot::testing {

struct PlanCase {
  Rule rule;
  std::function<void(model::Draft&)> breaks, keeps;
  Language language = Language::ipxe;
};

/// What `slipway check` says of node1.
inline Findings findings_of(const PlanCase& one, const std::function<void(model::Draft&)>& change) {
  model::Draft made = draft();
  change(made);
  std::vector<model::Image> images{smartos_image()};
  model::Image disk;
  disk.id = std::string(64, 'c');
  disk.kind = model::ImageKind::iso;
  disk.version = "disk";
  disk.files = {{"disk.iso", 1, std::string(64, '0'), std::string(40, '0')}};
  disk.parts = {{model::BootPart::Use::disk, "disk.iso", ""}};
  images.push_back(disk);
  model::Image damaged = smartos_image("20990102T030405Z", std::string(64, 'd'));
  auto plan = plan_of(made)->with_images(std::move(images), {damaged});
  const model::Machine& machine = plan->machines()[0];
  const model::Profile& profile = plan->default_profile();
  KernelArgs args = kernel_args(profile, &machine, model::Variant::normal);
  Findings all = check(args);
  auto add = [&](Findings more) { all.insert(all.end(), more.begin(), more.end()); };
  add(check(boot_files_of(*plan, profile, &machine, mac(), args), args));
  if (auto san = san_of(profile, &machine, mac())) add(san->findings);
  model::Client client = bios_ipxe();
  client.features.iscsi = true;
  add(lint(one.language, decide(*plan, client), context()));
  return all;
}

inline auto property(std::string name, std::string value) {
  return [=](model::Draft& made) { made.profiles[0].properties.push_back({name, value, {}}); };
}

inline auto module(std::string name, std::optional<std::string> text) {
  return [=](model::Draft& made) {
    model::LocalFile file{"/f", nullptr, "sum", text ? "" : "cannot be read"};
    if (text) file.content = std::make_shared<const std::string>(*text);
    made.profiles[0].boot_files.modules.push_back({name, file, {}});
  };
}

inline auto answers(bool smartos, bool all) {
  return [=](model::Draft& made) {
    if (!smartos) made.profiles[0].properties.clear();
    model::Properties said{{"root_password", "p", {}}};
    if (all) said.push_back({"skip_final_confirm", "true", {}});
    made.profiles[0].boot_files.answers = said;
  };
}

inline auto disk(std::string target, std::string credentials) {
  return [=](model::Draft& made) {
    model::San san;
    san.target = target;
    san.portal = Ipv4::parse("10.99.99.5");
    san.credentials = {"/chap", std::make_shared<const std::string>(credentials), {}, {}};
    made.profiles[0].properties.clear();
    made.profiles[0].san = san;
  };
}

inline std::vector<PlanCase> plan_cases() {
  auto reserved = [](model::SubnetMode mode) {
    return [=](model::Draft& made) {
      module("a", "x")(made);
      made.subnets[0].mode = mode;
    };
  };
  auto boots = [](model::ImageKind kind) {
    return [=](model::Draft& made) { made.profiles[0].image = {kind, "latest"}; };
  };
  auto version = [](std::string wanted) {
    return [=](model::Draft& made) { made.profiles[0].image.version = wanted; };
  };
  auto modules = [](std::string one, std::string other) {
    return [=](model::Draft& made) {
      module(one, "x")(made);
      module(other, "x")(made);
    };
  };
  auto confirmed = [](std::vector<std::string> words) {
    return [=](model::Draft& made) {
      property("destroy_zpools", "true")(made);
      made.profiles[0].confirmed = words;
    };
  };
  auto arguments = [](std::vector<std::string> words) {
    return [=](model::Draft& made) { made.profiles[0].arguments = words; };
  };
  auto console = [](std::string said) {
    return [=](model::Draft& made) {
      made.profiles[0].console = "text";
      property("console", said)(made);
    };
  };
  const std::string target = "iqn.2024-01.example.rack:a", chap = "node1\n123456789012\n";
  return {
      {Rule::settings_ignored, arguments({"quiet"}), arguments({})},
      {Rule::console_twice, console("ttyb"), console("text")},
      {Rule::rescue_login, property("hostname", "a"), property("root_shadow", "$5$a$b"), Language::pxelinux},
      {Rule::rescue_login, property("hostname", "a"), property("root_shadow", "$5$a$b"), Language::menu_lst},
      {Rule::unconfirmed, confirmed({}), confirmed({"destroy_zpools"})},
      {Rule::boot_file_unread, module("a", std::nullopt), module("a", "x")},
      {Rule::boot_file_folder, modules("etc", "etc/system"), modules("etc.conf", "etc/system")},
      {Rule::image_passed_over, version("latest"), version(stamp)},
      {Rule::boot_file_json, module("networking.json", "[]"), module("networking.json", "{}")},
      {Rule::boot_file_shell, module("networking.json", R"({"a":"$b"})"),
       module("networking.json", R"({"a":"b"})")},
      {Rule::answers_smartos, answers(false, true), answers(true, true)},
      {Rule::answers_wait, answers(true, false), answers(true, true)},
      {Rule::own_address, reserved(model::SubnetMode::off), reserved(model::SubnetMode::dhcp)},
      {Rule::san_target, disk("disk", chap), disk(target, chap)},
      {Rule::san_credentials, disk(target, "node1\n"), disk(target, chap)},
      {Rule::san_secret, disk(target, "node1\nshort\n"), disk(target, chap)},
      {Rule::loader_conf, property("exec", "c"), property("execs", "c"), Language::illumos},
      {Rule::grub_quotes, property("note", "a,b"), property("note", "ab"), Language::grub},
      {Rule::loader_kind, boots(model::ImageKind::iso), boots(model::ImageKind::smartos), Language::pxelinux},
  };
}

}  // namespace slipway::boot::testing
