// SPDX-License-Identifier: MPL-2.0
#include "boot/boot_files.h"

#include <map>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/sha1.h"

namespace slipway::boot {
namespace {

using model::BootFiles;
using model::Machine;
using model::Plan;
using model::Profile;
using model::Properties;
using model::Subnet;

/// From the farthest to the nearest: profile, groups from the last to the first, machine.
std::vector<const BootFiles*> layers_of(const Plan& plan, const Profile& profile, const Machine* machine) {
  std::vector<const BootFiles*> layers{&profile.boot_files};
  if (!machine) return layers;
  auto groups = plan.groups_of(*machine);
  for (auto group = groups.rbegin(); group != groups.rend(); ++group) layers.push_back(&(*group)->boot_files);
  layers.push_back(&machine->boot_files);
  return layers;
}

/// What is known of the machine's place in the network; both kinds of file are made from it.
struct Facts {
  const Subnet* subnet = nullptr;  ///< null: it has no address of its own
  std::string mac, name, address = "dhcp";

  std::string netmask() const { return subnet->network.mask().to_string(); }
};

Facts facts_of(const Plan& plan, const Machine* machine, const MacAddress& mac) {
  Facts facts;
  facts.mac = mac.to_string();
  if (!machine) return facts;
  bool named = machine->name.find(':') == std::string::npos;  // those without a name go by their MAC address
  if (named) facts.name = machine->name.substr(0, machine->name.find('.'));
  if (!machine->address) return facts;
  facts.subnet = plan.subnet_of(*machine->address);
  if (facts.subnet) facts.address = machine->address->to_string();
  return facts;
}

std::string networking_json(const Facts& facts) {
  boost::json::object json, nic{{"nic_tag", "admin"}, {"mac", facts.mac}, {"ip", facts.address}};
  if (!facts.name.empty()) json["hostname"] = facts.name;
  boost::json::array resolvers;
  if (const Subnet* subnet = facts.subnet) {
    nic["netmask"] = facts.netmask();
    if (!subnet->routers.empty()) nic["gateway"] = subnet->routers.front().to_string();
    if (!subnet->domain.empty()) json["dns_domain"] = subnet->domain;
    for (Ipv4 server : subnet->dns) resolvers.emplace_back(server.to_string());
  }
  json["resolvers"] = std::move(resolvers);
  json["routes"] = boost::json::object{};
  json["nictags"] = boost::json::array{boost::json::object{{"name", "admin"}, {"mac", facts.mac}}};
  json["vnics"] = boost::json::array{std::move(nic)};
  return boost::json::serialize(json) + "\n";
}

const std::string* value_of(const KernelArgs& args, std::string_view name) {
  for (const model::Property& property : args.properties) {
    if (property.name == name) return &property.value;
  }
  return nullptr;
}

/// What the installer would ask and the settings know. That disks may be erased is not among it: who wants
/// no question before that says skip_final_confirm.
Properties answers_of(const Facts& facts, const KernelArgs& args) {
  const std::string* console = value_of(args, "console");
  Properties answers{{"config_console", console ? *console : "text", {}},
                     {"skip_instructions", "true", {}},
                     {"simple_headers", "true", {}},
                     {"skip_final_summary", "true", {}},
                     {"admin_nic", facts.mac, {}},
                     {"admin_ip", facts.address, {}}};
  auto add = [&](std::string name, std::string value) {
    answers.push_back({std::move(name), std::move(value), {}});
  };
  if (!facts.name.empty()) add("hostname", facts.name);
  const Subnet* subnet = facts.subnet;
  if (!subnet) return answers;
  add("admin_netmask", facts.netmask());
  add("headnode_default_gateway", subnet->routers.empty() ? "none" : subnet->routers.front().to_string());
  if (!subnet->dns.empty()) {
    add("dns_resolver1", subnet->dns.front().to_string());
    add("dns_resolver2", subnet->dns.back().to_string());
  }
  if (!subnet->domain.empty()) add("dns_search", subnet->domain);
  return answers;
}

std::string answers_json(const Properties& answers) {
  boost::json::object json;
  for (const model::Property& answer : answers) json[answer.name] = answer.value;
  return boost::json::serialize(json) + "\n";
}

BootFile made(std::string_view name, std::string text) {
  std::string sha1 = sha1_hex(text);
  return {std::string(name), std::make_shared<const std::string>(std::move(text)), std::move(sha1), {}};
}

}  // namespace

std::vector<BootFile> boot_files_of(const Plan& plan, const Profile& profile, const Machine* machine,
                                    const MacAddress& mac, const KernelArgs& args) {
  bool networking = false;
  std::optional<Properties> said;
  std::map<std::string_view, const model::BootModule*> modules;
  for (const BootFiles* layer : layers_of(plan, profile, machine)) {
    networking = layer->networking.value_or(networking);
    if (layer->answers) said = said ? model::merged(std::move(*said), *layer->answers) : *layer->answers;
    for (const model::BootModule& module : layer->modules) modules[module.name] = &module;
  }
  std::vector<BootFile> files;
  for (auto& [name, module] : modules) {
    const model::LocalFile& file = module->file;
    std::string fault = file.content         ? std::string()
                        : file.fault.empty() ? file.path + " was not read"
                                             : file.path + " " + file.fault;
    files.push_back({module->name, file.content, file.sha1, std::move(fault)});
  }
  Facts facts = facts_of(plan, machine, mac);
  if (mac.is_zero()) return files;  // nobody in particular: there is nothing to make them from
  if (networking && !modules.contains("networking.json"))
    files.push_back(made("networking.json", networking_json(facts)));
  if (said && !modules.contains("answers.json"))
    files.push_back(made("answers.json", answers_json(model::merged(answers_of(facts, args), *said))));
  return files;
}

}  // namespace slipway::boot
