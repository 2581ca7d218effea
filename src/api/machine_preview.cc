// SPDX-License-Identifier: MPL-2.0
// What a machine would be served, and what lint says of it: `slipway boot preview` for whoever asks the
// daemon.
#include <fmt/format.h>

#include "api/answer.h"
#include "api/machine_desk.h"
#include "boot/preview.h"
#include "model/arch_name.h"

namespace slipway::api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

/// As its last boot said; a BIOS where it has not booted yet.
model::Arch arch_of(const Machines& machines, const FoundMachine& machine) {
  for (const timeline::Boot& boot : machines.boots(machine)) {
    if (boot.arch) return *boot.arch;
  }
  return model::Arch::bios;
}

PreviewView view(boot::Language language, const boot::Decision& decision, const model::Client& client,
                 const boot::ScriptContext& context) {
  PreviewView out;
  out.machine = client.mac.to_string();
  out.loader = to_string(language);
  out.arch = to_string(*client.arch);
  out.text = boot::rendered(language, decision, context);
  for (boot::Remark& remark : boot::remarks_on(language, decision, client, context))
    out.findings.push_back({std::string(remark.id), std::string(remark.severity), std::move(remark.sentence),
                            std::move(remark.remedy), static_cast<std::uint32_t>(remark.line)});
  return out;
}

}  // namespace

Response MachineDesk::preview(const Request& request, const Captures& captures) const {
  auto plan = world_.plan();
  Machines machines = machines_of(world_, *plan);
  auto found = machines.find(captures["machine"]);
  if (!found) return not_found(machines.unknown(captures["machine"]));
  model::Client client = found->named ? model::client_of(*found->named) : model::Client{};
  if (!found->macs.empty()) client.mac = found->macs.front();
  client.arch = arch_of(machines, *found);
  if (auto named = request.target.parameter("arch")) client.arch = model::arch_named(*named);
  if (!client.arch) return problem(400, "there is no such architecture", "one of bios, uefi, arm64");
  const model::Machine* machine = boot::machine_of(*plan, client);
  std::optional language = boot::language_of(*plan, machine);
  if (auto named = request.target.parameter("loader")) language = boot::language_named(*named);
  if (!language)
    return problem(400, "there is no such loader", "one of ipxe, pxelinux, grub, menu.lst, illumos");
  if (*language == boot::Language::ipxe) boot::become_ipxe(world_.loaders(), client);
  boot::ScriptContext context;
  context.base = world_.base_of(machine);
  context.mac = client.mac;
  context.machine = machine ? machine->name : client.mac.to_string();
  context.request_id = "preview";
  return answer(view(*language, boot::decide(*plan, client), client, context));
}

}  // namespace slipway::api
