// SPDX-License-Identifier: MPL-2.0
// slipway simulate: what a client would be answered, and why, on the real responder with the leases that
// are known now. Nothing is sent, written or leased. Exit code 0 when it would be answered, 1 when not.
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"
#include "base/printable.h"
#include "boot/decide.h"
#include "cli/known_leases.h"
#include "cli/loaders_here.h"
#include "cli/shelf.h"
#include "cli/simulate_json.h"
#include "cli/verbs.h"
#include "config/options.h"
#include "model/arch_name.h"
#include "net/interfaces.h"
#include "rehearsal/tell.h"

namespace slipway::cli {
namespace {

using rehearsal::Persona;
using rehearsal::Place;

/// The world a rehearsal plays in, and what a person must know about it.
struct Setting {
  rehearsal::Stage stage;
  Place place;
  std::vector<std::string> notes;
};

std::string beginning_of(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : text.substr(0, most) + "...";
}

Fault not_understood(std::string_view option, const std::string& text, std::string_view example) {
  return {fmt::format("--{} cannot be '{}'", option, printable(beginning_of(text, 60))),
          fmt::format("write for example --{} {}", option, example)};
}

/// "hex:..." as bytes, anything else as text.
Bytes bytes_of(const std::string& text) {
  auto encoded = wire::encode_option({0, wire::OptionType::text, "", ""}, text);
  return encoded ? *encoded : Bytes(text.begin(), text.end());
}

/// The network card of a machine that is known by something else.
constexpr MacAddress stand_in{{0x02, 0, 0, 0, 0, 0x01}};

/// What the options say, one after another; the first that says nothing sensible is the fault.
class Reader {
 public:
  explicit Reader(const model::Plan& plan) : plan_(plan) {}

  Result<Persona, Fault> persona(const SimulateOptions& said) {
    Persona persona;
    persona.firmware = rehearsal::find_firmware(said.as);
    persona.xid = 0x51e17;
    who(said, persona);
    if (!said.arch.empty()) persona.arch = parsed("arch", said.arch, model::arch_named(said.arch), "uefi");
    if (!said.uuid.empty()) {
      persona.uuid =
          parsed("uuid", said.uuid, Uuid::parse(said.uuid), "44454c4c-7700-1040-8000-525400770001");
    }
    if (!said.client_id.empty()) persona.client_id = option(wire::opt::ClientId::code, said.client_id).value;
    if (!said.vendor_class.empty()) persona.vendor_class = said.vendor_class;
    if (!said.user_class.empty()) persona.user_class = said.user_class;
    for (const std::string& text : said.options) persona.options.push_back(named_option(text));
    if (!said.relay.empty()) persona.giaddr = address("relay", said.relay);
    if (!said.circuit.empty()) persona.circuit_id = bytes_of(said.circuit);
    if (!said.remote.empty()) persona.remote_id = bytes_of(said.remote);
    if (fault_) return *fault_;
    return persona;
  }

  Result<rehearsal::Request, Fault> request(const SimulateOptions& said, const Place& place) {
    auto who = persona(said);
    if (!who) return who.error();
    rehearsal::Request request{std::move(*who), place, rehearsal::Act::exchange, {}};
    request.act = rehearsal::act_named(said.message).value_or(rehearsal::Act::exchange);
    if (!said.address.empty()) request.address = address("address", said.address);
    if (fault_) return *fault_;
    return request;
  }

 private:
  template <typename T>
  T parsed(std::string_view option, const std::string& text, std::optional<T> value,
           std::string_view example) {
    if (!value && !fault_) fault_ = not_understood(option, text, example);
    return value.value_or(T{});
  }
  Ipv4 address(std::string_view option, const std::string& text) {
    return parsed(option, text, Ipv4::parse(text), "10.0.0.1");
  }
  /// The MAC address of a machine, or whatever else the file knows it by.
  void who(const SimulateOptions& said, Persona& persona) {
    const model::Machine* machine = plan_.find_machine(said.mac);
    auto mac = MacAddress::parse(said.mac);
    if (!machine && !mac) return name_nobody(said.mac);
    if (mac || !machine->macs.empty()) {
      persona.mac = mac ? *mac : machine->macs.front();
      return;
    }
    persona.mac = stand_in;
    persona.uuid = machine->uuid;
    if (!machine->client_id.empty()) persona.client_id = machine->client_id;
    persona.circuit_id = machine->relay_circuit;
    persona.remote_id = machine->relay_remote;
    if (machine->is_a_port() && said.relay.empty() && !fault_) {
      fault_ = Fault{fmt::format("machine '{}' is whoever is at a port of a relay", printable(machine->name)),
                     "say which relay asks for it, too, for example --relay 10.0.0.1"};
    }
  }
  void name_nobody(const std::string& text) {
    std::vector<std::string_view> names;
    for (const model::Machine& machine : plan_.machines()) names.push_back(machine.name);
    auto near = nearest(text, names);
    fault_ = Fault{fmt::format("'{}' is no MAC address, and no machine of the file is called that",
                               printable(beginning_of(text, 60))),
                   near ? fmt::format("did you mean '{}'?", printable(*near))
                        : "write --mac 0c:c4:7a:ab:cd:ef, or the name of a [[machine]]"};
  }
  model::RawOption option(std::uint8_t code, const std::string& text) {
    const wire::OptionInfo* known = wire::find_option(code);
    wire::OptionInfo unknown{code, wire::OptionType::bytes, "unknown", ""};
    auto value = wire::encode_option(known ? *known : unknown, text);
    if (!value && !fault_) fault_ = value.error();
    return {code, value ? *value : Bytes{}};
  }
  model::RawOption named_option(const std::string& text) {
    std::size_t equals = text.find('=');
    auto code = config::option_code(text.substr(0, equals));
    if (code && equals != text.npos) return option(*code, text.substr(equals + 1));
    if (!fault_) fault_ = not_understood("option", text, "host-name=rack7, or --option 224=hex:0102");
    return {};
  }

  const model::Plan& plan_;
  std::optional<Fault> fault_;
};

/// The interface packets come in by: as said, or where the machine's reservation is, or the first one.
std::string interface_for(const model::Plan& plan, const SimulateOptions& said) {
  if (!said.interface.empty()) return said.interface;
  const model::Machine* machine = plan.find_machine(said.mac);
  if (said.relay.empty() && machine && machine->address) {
    const model::Subnet* subnet = plan.subnet_of(*machine->address);
    if (subnet && !subnet->interface.empty()) return subnet->interface;
  }
  return plan.server().interfaces.empty() ? std::string() : plan.server().interfaces.front();
}

/// Our address there. Where this is not the server's machine, an address of the subnet stands in for it.
Place place_on(const model::Plan& plan, const std::string& name, std::vector<std::string>& notes) {
  std::vector<net::Interface> all = net::list_interfaces();
  const net::Interface* interface = net::find_interface(all, name);
  if (interface && !interface->ipv4.empty()) {
    Ipv4 local = interface->ipv4.front().address;
    notes.push_back(fmt::format("packets come in by {}, where this server is {}", name, local.to_string()));
    return {name, interface->index, local};
  }
  for (const model::Subnet& subnet : plan.subnets()) {
    if (!subnet.interface.empty() && subnet.interface != name) continue;
    Ipv4 local = subnet.next_server.value_or(Ipv4{subnet.network.network.value + 1});
    notes.push_back(fmt::format("packets come in by {}, which has no address on this machine: {} stands in",
                                name, local.to_string()));
    return {name, 0, local};
  }
  notes.push_back(fmt::format("packets come in by {}, which has no address and no subnet", name));
  return {name, 0, {}};
}

Setting setting_of(const Context& context, std::shared_ptr<const model::Plan> plan,
                   const SimulateOptions& said) {
  Setting setting;
  KnownLeases known = known_leases(context, *plan);
  setting.notes.push_back("leases: " + known.from);
  if (known.daemon_runs) {
    setting.notes.push_back(
        fmt::format("configuration: {} as it is now, whether or not slipwayd has read it", context.config));
  }
  setting.place = place_on(*plan, interface_for(*plan, said), setting.notes);
  setting.notes.push_back(
      "not known here: what a probe of the address would find, and what other DHCP servers say");
  rehearsal::Stage& stage = setting.stage;
  stage.loaders = loaders_here(plan->server());
  stage.plan = std::move(plan);
  for (const net::Interface& interface : net::list_interfaces()) {
    for (const net::InterfaceAddress& at : interface.ipv4) stage.own_addresses.push_back(at.address);
  }
  stage.leases = std::move(known.leases);
  stage.now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  return setting;
}

/// What the script that ends a chain would do: `slipway boot preview` shows the whole of it.
struct ScriptText {
  std::string operator()(const boot::Boot& boot) const {
    const boot::Entry& first = boot.entries.front();
    std::string text = boot.menu ? "The script shows a menu and boots " : "The script boots ";
    text += first.title;
    return first.fault.empty() ? text : text + ", which fails: " + first.fault;
  }
  std::string operator()(const boot::LocalDisk&) const { return "The script boots its own disk"; }
  std::string operator()(const boot::Silent&) const { return "The script is refused"; }
  std::string operator()(const boot::Refusal& refusal) const {
    return fmt::format("The script says on its console: {}; {}", refusal.sentence, refusal.remedy);
  }
};

std::string script_sentence(const std::vector<rehearsal::Exchange>& exchanges, const model::Plan& plan) {
  const rehearsal::Step& last = exchanges.back().steps.back();
  if (!last.trace.boot_file.ends_with(".ipxe")) return "";
  model::Client client = last.trace.client;
  if (const dhcp::Answer* answer = last.answer()) client.address = answer->message.yiaddr;
  return std::visit(ScriptText{}, boot::decide(plan, client));
}

int simulate_client(const Context& context, Setting setting, const SimulateOptions& said) {
  const model::Plan& plan = *setting.stage.plan;
  auto request = Reader(plan).request(said, setting.place);
  if (!request) {
    fail(request.error());
    return exit_usage;
  }
  std::vector<std::string> notes = std::move(setting.notes);
  if (request->persona.mac == stand_in && !MacAddress::parse(said.mac)) {
    notes.push_back(fmt::format("the file says no MAC address of {}: {} stands in", printable(said.mac),
                                stand_in.to_string()));
  }
  rehearsal::Rehearsal rehearsal(std::move(setting.stage));
  auto exchanges = rehearsal::rehearse(rehearsal, *request);
  std::string script = script_sentence(exchanges, rehearsal.plan());
  if (context.json) {
    print_line(simulation_json(exchanges, notes, script, rehearsal.plan()));
  } else {
    for (const std::string& note : notes) print_line(note);
    for (const rehearsal::Exchange& exchange : exchanges) {
      fmt::print("\n{}", rehearsal::tell(exchange, rehearsal.plan()));
    }
    if (!script.empty()) fmt::print("{}.\n", script);
  }
  return rehearsal::all_answered(exchanges) ? exit_ok : exit_failed;
}

int simulate_capture(const Context& context, Setting setting, const std::string& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) return fail({fmt::format("cannot read {}: {}", file, std::strerror(errno)), ""});
  std::string bytes{std::istreambuf_iterator<char>(input), {}};
  auto capture = wire::read_pcap(as_bytes(bytes));
  if (!capture) return fail({fmt::format("{}: {}", file, wire::to_string(capture.error())), ""});

  rehearsal::Rehearsal rehearsal(std::move(setting.stage));
  ReplayJson json(setting.notes);
  std::size_t packets = 0, unanswered = 0;
  if (!context.json) {
    for (const std::string& note : setting.notes) print_line(note);
  }
  rehearsal::replay(rehearsal, *capture, setting.place, [&](const rehearsal::Replayed& replayed) {
    ++packets;
    bool answered = replayed.step.answer() && replayed.step.said() != wire::MessageType::nak;
    if (!answered && (!replayed.readable || rehearsal::wants_answer(replayed.step.sent))) ++unanswered;
    if (context.json) return json.add(replayed, rehearsal.plan());
    fmt::print("\n{}", rehearsal::tell(replayed, rehearsal.plan()));
  });
  if (context.json) {
    print_line(std::move(json).text());
  } else {
    fmt::print("\npackets of clients: {}, answered: {}\n", packets, packets - unanswered);
  }
  if (packets == 0) return fail({fmt::format("{} holds no packet of a DHCP client", file), ""});
  return unanswered == 0 ? exit_ok : exit_failed;
}

}  // namespace

int simulate(const Context& context, const SimulateOptions& said) {
  if (said.mac.empty() == said.pcap.empty()) {
    fail({"simulate wants a client or a capture",
          "write --mac 0c:c4:7a:ab:cd:ef, or --pcap FILE; `slipway simulate --help` tells more"});
    return exit_usage;
  }
  auto shelf = look(context);
  if (!shelf) return fail(shelf.error());
  note_what_is_unknown(*shelf);
  const auto& plan = shelf->plan;
  Setting setting = setting_of(context, plan, said);
  return said.pcap.empty() ? simulate_client(context, std::move(setting), said)
                           : simulate_capture(context, std::move(setting), said.pcap);
}

}  // namespace slipway::cli
