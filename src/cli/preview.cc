// SPDX-License-Identifier: MPL-2.0
// slipway boot preview: exactly what would be served to a machine, on standard output, and everything that is
// to be said about it, on standard error; with --json both in one object.
#include "boot/preview.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/nearest.h"
#include "boot/decide.h"
#include "cli/loaders_here.h"
#include "cli/problems_json.h"
#include "cli/script_context.h"
#include "cli/shelf.h"
#include "cli/verbs.h"
#include "model/arch_name.h"

namespace slipway::cli {
namespace {

using boot::Remark;

/// The command line lets no other name in.
boot::Language language_of(std::string_view loader) {
  return boot::language_named(loader).value_or(boot::Language::ipxe);
}

std::vector<Remark> remarks_on(const boot::Decision& decision, const model::Plan& plan,
                               const model::Client& client, const std::string& loader) {
  auto remarks = boot::remarks_on(language_of(loader), decision, client, script_context(plan, client));
  if (const model::Subnet* subnet = stand_in_for(plan, client)) {
    remarks.insert(remarks.begin(),
                   {"no-address", "note",
                    fmt::format("this machine has no address in {}: shown with the network's own address",
                                subnet->network.to_string()),
                    ""});
  }
  return remarks;
}

Fault no_machine(const model::Plan& plan, const std::string& named) {
  std::vector<std::string_view> names;
  for (const model::Machine& machine : plan.machines()) names.push_back(machine.name);
  auto near = nearest(named, names);
  return {fmt::format("'{}' is no MAC address and no machine's name", named),
          near ? fmt::format("did you mean {}?", *near) : std::string("write --mac 0c:c4:7a:ab:cd:ef")};
}

void print(const Remark& remark) {
  std::string line = remark.line > 0 ? fmt::format("line {}: ", remark.line) : "";
  std::string remedy = remark.remedy.empty() ? "" : "; " + remark.remedy;
  fmt::print(stderr, "{}{}: {}: {}{}\n", line, remark.severity, remark.id, remark.sentence, remedy);
}

std::string to_json(const std::string& text, const std::vector<Remark>& remarks) {
  boost::json::array findings;
  for (const Remark& remark : remarks) {
    findings.push_back({{"id", remark.id},
                        {"severity", remark.severity},
                        {"sentence", remark.sentence},
                        {"remedy", remark.remedy},
                        {"line", remark.line}});
  }
  return boost::json::serialize(boost::json::object{{"text", text}, {"findings", findings}});
}

}  // namespace

int boot_preview(const Context& context, const PreviewOptions& options) {
  auto shelf = look(context);
  if (!shelf) return fail(shelf.error());
  note_what_is_unknown(*shelf);
  auto plan = shelf->plan;
  const model::Machine* machine = plan->find_machine(options.mac);
  model::Client client = machine ? model::client_of(*machine) : model::Client{};
  auto mac = machine ? std::optional(client.mac) : MacAddress::parse(options.mac);
  auto arch = model::arch_named(options.arch);
  if (!mac || !arch) {
    fail(!mac ? no_machine(*plan, options.mac)
              : Fault{fmt::format("'{}' is no architecture", options.arch), "one of bios, uefi, arm64"});
    return exit_usage;
  }
  client.mac = *mac;
  client.arch = *arch;
  if (options.loader == "ipxe") boot::become_ipxe(loaders_here(plan->server()), client);
  boot::Decision decision = boot::decide(*plan, client);
  std::string text = boot::rendered(language_of(options.loader), decision, script_context(*plan, client));
  std::vector<Remark> remarks = remarks_on(decision, *plan, client, options.loader);
  if (context.json) {
    print_line(to_json(text, remarks));
  } else {
    fmt::print("{}", text);
    for (const Remark& remark : remarks) print(remark);
  }
  bool wrong = std::any_of(remarks.begin(), remarks.end(), [](auto& r) { return r.severity == "error"; });
  return wrong ? exit_failed : exit_ok;
}

}  // namespace slipway::cli
