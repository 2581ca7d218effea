// SPDX-License-Identifier: MPL-2.0
#include "config/settings.h"

#include "base/nearest.h"
#include "config/boot_files.h"
#include "config/conditions.h"
#include "config/options.h"
#include "config/section.h"
#include "config/values.h"
#include "wire/dhcp_options.h"

namespace slipway::config {
namespace {

using model::BootClass;
using model::BootSettings;
using model::Group;
using model::Machine;
using model::Subnet;

template <typename T>
void always_send(const Value& value, T& target, Problems& problems) {
  read_always_send(value, target.options, problems);
}
template <typename T>
void never_send(const Value& value, T& target, Problems& problems) {
  read_never_send(value, target.options, problems);
}

void confirm(const Value& value, Machine& machine, Problems& problems) {
  read_confirmed(value, machine.confirmed, problems);
}
template <typename T>
void boot_modules(const Value& value, T& target, Problems& problems) {
  read_modules(value, target.boot_files, problems);
}
template <typename T>
void networking(const Value& value, T& target, Problems& problems) {
  read_networking(value, target.boot_files, problems);
}
template <typename T>
void answers(const Value& value, T& target, Problems& problems) {
  read_answers(value, target.boot_files, problems);
}
template <typename T>
void san(const Value& value, T& target, Problems& problems) {
  read_san(value, target.san, problems);
}

void unknown_policy(const Value& value, BootSettings& boot, Problems& problems) {
  using enum model::UnknownPolicy;
  static constexpr Word<model::UnknownPolicy> words[] = {
      {"default", boot_default}, {"menu", menu}, {"local", local}, {"ignore", ignore}};
  read_word<model::UnknownPolicy>(value, words, boot.unknown, problems);
}

void subnet_mode(const Value& value, Subnet& subnet, Problems& problems) {
  using enum model::SubnetMode;
  static constexpr Word<model::SubnetMode> words[] = {{"dhcp", dhcp}, {"proxy", proxy}, {"off", off}};
  read_word<model::SubnetMode>(value, words, subnet.mode, problems);
}

void identify(const Value& value, Subnet& subnet, Problems& problems) {
  static constexpr Word<model::Identify> words[] = {{"mac", model::Identify::mac},
                                                    {"client-id", model::Identify::client_id}};
  read_word<model::Identify>(value, words, subnet.identify, problems);
}

void allocation(const Value& value, Subnet& subnet, Problems& problems) {
  using enum model::Allocation;
  static constexpr Word<model::Allocation> words[] = {{"ascending", ascending}, {"hashed", hashed}};
  read_word<model::Allocation>(value, words, subnet.allocate, problems);
}

void reply_to(const Value& value, Subnet& subnet, Problems& problems) {
  using enum model::ReplyTo;
  static constexpr Word<model::ReplyTo> words[] = {{"relay", relay}, {"source", source}};
  read_word<model::ReplyTo>(value, words, subnet.reply_to, problems);
}

struct PoolDraft {
  std::optional<Value> range;
  model::Pool pool;
};

void pool_protocol(const Value& value, PoolDraft& draft, Problems& problems) {
  using enum model::Pool::Protocol;
  static constexpr Word<model::Pool::Protocol> words[] = {{"any", any}, {"dhcp", dhcp}, {"bootp", bootp}};
  read_word<model::Pool::Protocol>(value, words, draft.pool.protocol, problems);
}

std::span<const Setting<PoolDraft>> pool_settings() {
  static constexpr Setting<PoolDraft> keys[] = {
      {"range", "range or list of ranges", "", "addresses of the pool",
       [](const Value& range, PoolDraft& draft, Problems&) { draft.range = range; }, true},
      {"class", "string", "everyone", "only for members of this class",
       [](const Value& name, PoolDraft& draft, Problems& found) {
         read(name, draft.pool.only_class, found);
       }},
      {"for", "any | dhcp | bootp", "any", "only for clients that speak this", pool_protocol},
      {"options", "options", "none", "DHCP options of whoever has an address of the pool",
       [](const Value& table, PoolDraft& draft, Problems& found) { read(table, draft.pool.options, found); }},
      {"always-send", "list of options", "none", "as in [options]",
       [](const Value& list, PoolDraft& draft, Problems& found) { always_send(list, draft.pool, found); }},
      {"never-send", "list of options", "none", "as in [options]",
       [](const Value& list, PoolDraft& draft, Problems& found) { never_send(list, draft.pool, found); }},
  };
  return keys;
}

void other_servers(const Value& value, Subnet& subnet, Problems& problems) {
  using enum model::OtherServers;
  static constexpr Word<model::OtherServers> words[] = {{"yield", yield}, {"ignore", ignore}};
  read_word<model::OtherServers>(value, words, subnet.other_servers, problems);
}

void shared_network(const Value& value, Subnet& subnet, Problems& problems) {
  read(value, subnet.shared_network, problems);
  if (value.text() && value.text()->empty())
    report(problems, value.place, "a shared network without a name", "give it one, or leave the key out");
}

void subnet_range(const Value& value, Subnet& subnet, Problems& problems) {
  read_ranges(value, {}, subnet.pools, problems);
}

void subnet_pool(const Value& value, Subnet& subnet, Problems& problems) {
  for_each_table(value, "subnet.pool", problems, [&](const Table& table, const Place& place) {
    PoolDraft draft;
    read_section<PoolDraft>("subnet.pool", table, place, pool_settings(), draft, problems);
    if (draft.range) read_ranges(*draft.range, draft.pool, subnet.pools, problems);
  });
}

template <typename T>
void when(const Value& value, T& target, Problems& problems) {
  read_condition(value, target.when.emplace(), problems);
}

template <typename T>
SectionDoc section_doc(std::string_view head, std::string_view doc, std::span<const Setting<T>> settings) {
  SectionDoc section{head, doc, {}};
  for (const Setting<T>& s : settings)
    section.settings.push_back({s.name, s.type, s.fallback, s.doc, s.required});
  return section;
}

}  // namespace

std::span<const Setting<BootSettings>> boot_settings() {
  static constexpr Setting<BootSettings> keys[] = {
      {"default", "profile", "the first profile", "what a machine boots that names no profile",
       into<&BootSettings::default_profile, BootSettings>},
      {"timeout", "time", "30s", "how long a boot menu waits; 0s shows none",
       into<&BootSettings::timeout, BootSettings>},
      {"unknown", "default | menu | local | ignore", "default",
       "what happens to machines this file does not name", unknown_policy},
  };
  return keys;
}

std::span<const Setting<Subnet>> subnet_settings() {
  static constexpr Setting<Subnet> keys[] = {
      {"network", "network", "", "the subnet, for example 10.99.99.0/24", into<&Subnet::network, Subnet>,
       true},
      {"range", "range or list of ranges", "none",
       "addresses to give out, for example \"10.99.99.210-10.99.99.219\"", subnet_range},
      {"pool", "tables with range, class and for", "none",
       "addresses for members of a class only, or for = \"bootp\" or \"dhcp\" clients only", subnet_pool},
      {"exclude", "range or list of ranges", "none",
       "addresses that no range or pool gives out; machines may have them", into<&Subnet::excluded, Subnet>},
      {"allocate", "ascending | hashed", "ascending",
       "which free address a new client gets: the lowest, or from a hash of the client on", allocation},
      {"router", "address or list", "none", "default router (option 3)", into<&Subnet::routers, Subnet>},
      {"dns", "address or list", "none", "name servers (option 6)", into<&Subnet::dns, Subnet>},
      {"domain", "string", "none", "domain name (option 15)", into<&Subnet::domain, Subnet>},
      {"lease-time", "time", "12h", "how long an address is given for", into<&Subnet::lease_time, Subnet>},
      {"renew-time", "time", "half of lease-time", "when clients ask this server for more time (T1)",
       into<&Subnet::renew_time, Subnet>},
      {"rebind-time", "time", "7/8 of lease-time", "when clients ask any server (T2)",
       into<&Subnet::rebind_time, Subnet>},
      {"interface", "string", "the one that has an address in the network", "where the subnet's machines are",
       into<&Subnet::interface, Subnet>},
      {"mode", "dhcp | proxy | off", "dhcp", "we give addresses, another server does, or nothing is answered",
       subnet_mode},
      {"identify", "mac | client-id", "mac", "what makes two requests come from the same machine", identify},
      {"authoritative", "boolean", "true", "refuse (NAK) addresses this file knows to be wrong",
       into<&Subnet::authoritative, Subnet>},
      {"other-servers", "yield | ignore", "yield",
       "with another DHCP server on the segment at the start: give no addresses, or take no notice",
       other_servers},
      {"probe", "boolean", "true",
       "ask by ARP or ping whether a new address is in use before it is offered; not for BOOTP clients and "
       "rapid commit, which get their address at once, without an offer that could wait for the answer",
       into<&Subnet::probe, Subnet>},
      {"relay", "address or list", "addresses within the network",
       "relay agents (giaddr) that mean this subnet", into<&Subnet::relays, Subnet>},
      {"bootp", "boolean", "false", "BOOTP clients get addresses, for ever; these are not probed for",
       into<&Subnet::bootp, Subnet>},
      {"rapid-commit", "boolean", "false",
       "clients that ask for it get an address in one round, which is not probed for; not beside another "
       "server",
       into<&Subnet::rapid_commit, Subnet>},
      {"reply-to", "relay | source", "relay",
       "where relays hear answers: at giaddr, or where the packet came from", reply_to},
      {"shared-network", "string", "none", "subnets of the same name lie on one wire", shared_network},
      {"next-server", "address", "this server", "where boot files come from (siaddr)",
       into<&Subnet::next_server, Subnet>},
      {"no-ipv6-router", "boolean", "false",
       "tell machines that ask for an IPv6 router that there is none, unless one advertises: iPXE then boots "
       "13 seconds sooner a stage",
       into<&Subnet::no_ipv6_router, Subnet>},
      {"bandwidth", "bits per second", "no limit",
       "how fast boot files go to the subnet's machines, all together, over HTTP and TFTP, for example "
       "\"500M\" "
       "or \"2.5G\"",
       into<&Subnet::bandwidth, Subnet>},
      {"options", "options", "none", "DHCP options of everyone in the subnet",
       into<&Subnet::options, Subnet>},
      {"always-send", "list of options", "none", "as in [options]", always_send<Subnet>},
      {"never-send", "list of options", "none", "as in [options]", never_send<Subnet>},
  };
  return keys;
}

std::span<const Setting<Machine>> machine_settings() {
  static constexpr Setting<Machine> keys[] = {
      {"mac", "MAC address or list", "none", "its network cards; needed where none of the next three is",
       into<&Machine::macs, Machine>},
      {"name", "string", "its MAC address", "what people call it", into<&Machine::name, Machine>},
      {"uuid", "UUID", "none", "as dmidecode or a hypervisor shows it, or as its firmware sends it",
       into<&Machine::uuid, Machine>},
      {"client-id", "text or bytes", "none",
       "option 61 as it sends it: \"01:0c:c4:7a:ab:cd:ef\", \"hex:ff...\" or text",
       into<&Machine::client_id, Machine>},
      {"relay-circuit", "text or bytes", "none",
       "the port of a relay (option 82, sub-option 1) at which whoever is there is this machine",
       into<&Machine::relay_circuit, Machine>},
      {"relay-remote", "text or bytes", "none", "the relay of that port (sub-option 2), or all of it",
       into<&Machine::relay_remote, Machine>},
      {"address", "address", "from the range", "the address it always gets",
       into<&Machine::address, Machine>},
      {"profile", "profile", "boot.default", "what it boots", into<&Machine::profile, Machine>},
      {"properties", "table", "none", "kernel properties laid over the profile's",
       into<&Machine::properties, Machine>},
      {"flags", "list of strings", "the profile's", "kernel flags in place of the profile's",
       into<&Machine::flags, Machine>},
      {"arguments", "list of strings", "none",
       "kernel arguments laid over the profile's: those of the same name go",
       into<&Machine::arguments, Machine>},
      {"confirm", "list of destroy_zpools, default-password", "the profile's",
       "dangerous settings that are meant, besides those of its profile", confirm},
      {"modules", "table of files", "none", "boot modules laid over those of its groups and profile",
       boot_modules<Machine>},
      {"networking", "boolean", "its groups' or the profile's",
       "networking.json is made: its address and that of its subnet's router and name servers",
       networking<Machine>},
      {"answers", "table", "its groups' or the profile's",
       "answers laid over those of its groups and profile", answers<Machine>},
      {"san", "table", "the profile's", "keys laid over those of the profile's `san`", san<Machine>},
      {"classes", "list of classes", "none", "classes it belongs to, whatever their conditions say",
       into<&Machine::classes, Machine>},
      {"options", "options", "none", "DHCP options of this machine", into<&Machine::options, Machine>},
      {"always-send", "list of options", "none", "as in [options]", always_send<Machine>},
      {"never-send", "list of options", "none", "as in [options]", never_send<Machine>},
  };
  return keys;
}

std::span<const Setting<BootClass>> class_settings() {
  static constexpr Setting<BootClass> keys[] = {
      {"name", "string", "", "for pools and messages", into<&BootClass::name, BootClass>, true},
      {"when", "condition", "nobody", "which clients belong to it; without it only machines that name it",
       when<BootClass>},
      {"answer", "boolean", "true", "false: its members get no answer to anything",
       into<&BootClass::answer, BootClass>},
      {"boot-file", "served name or URL", "as usual", "what they load instead",
       into<&BootClass::boot_file, BootClass>},
      {"next-server", "address", "as usual", "where they load it from",
       into<&BootClass::next_server, BootClass>},
      {"options", "options", "none", "DHCP options of its members", into<&BootClass::options, BootClass>},
      {"always-send", "list of options", "none", "as in [options]", always_send<BootClass>},
      {"never-send", "list of options", "none", "as in [options]", never_send<BootClass>},
  };
  return keys;
}

std::span<const Setting<Group>> group_settings() {
  static constexpr Setting<Group> keys[] = {
      {"name", "string", "", "what people call it", into<&Group::name, Group>, true},
      {"machines", "list of machines", "none", "its machines, by name", into<&Group::machines, Group>},
      {"when", "condition", "nobody", "and whoever meets this condition", when<Group>},
      {"profile", "profile", "boot.default", "what its machines boot that name no profile",
       into<&Group::profile, Group>},
      {"modules", "table of files", "none", "boot modules of the machines it names", boot_modules<Group>},
      {"networking", "boolean", "the profile's", "networking.json is made for the machines it names",
       networking<Group>},
      {"answers", "table", "the profile's", "answers of the machines it names, laid over the profile's",
       answers<Group>},
      {"boot-file", "served name or URL", "as usual", "what they load instead",
       into<&Group::boot_file, Group>},
      {"next-server", "address", "as usual", "where they load it from", into<&Group::next_server, Group>},
      {"options", "options", "none", "DHCP options of its machines", into<&Group::options, Group>},
      {"always-send", "list of options", "none", "as in [options]", always_send<Group>},
      {"never-send", "list of options", "none", "as in [options]", never_send<Group>},
  };
  return keys;
}

std::vector<SectionDoc> settings_reference() {
  return {
      section_doc("[server]", "The daemon itself.", server_settings()),
      section_doc(
          "[[subnet]]",
          "A network with machines to boot. In a file with one subnet these keys may stand at the top, "
          "without a table: the whole file may be the four lines interface, network, range and router.",
          subnet_settings()),
      section_doc("[profile.NAME]", "What to boot and how. Without any, every machine boots smartos@latest.",
                  profile_settings()),
      section_doc(
          "san",
          "A disk on an iSCSI target that exists already, of a profile or a machine. {name} and {mac} in "
          "the names of target and initiator stand for the machine's.",
          san_settings()),
      section_doc("[boot]", "What applies where nothing else is said.", boot_settings()),
      section_doc("[images]", "How images come in.", import_settings()),
      section_doc(
          "[api]",
          "The management API for other machines: over TLS, with tokens (`slipway token create`). It is "
          "never served where machines boot. The unix socket of [server] is there without it.",
          api_settings()),
      section_doc(
          "[[webhook]]",
          "Somebody to tell how boots ended: a POST of JSON for each, signed, and sent again with growing "
          "pauses until it is taken.",
          webhook_settings()),
      section_doc("[[machine]]",
                  "A machine of its own: known by its MAC address, UUID, client id or the port of its relay.",
                  machine_settings()),
      section_doc("[[class]]",
                  "What the built-in knowledge of firmware does not cover. Of several that fit, each "
                  "thing is taken from the first that says it.",
                  class_settings()),
      section_doc(
          "class.when",
          "A condition, of a class or a group. Every part must hold; where a part is a list, one of "
          "it. Patterns fit as a whole, `*` stands for any text, and `hex:01:0c:*` is one over bytes.",
          condition_settings()),
      section_doc("[[group]]",
                  "Machines that have something in common. Of several that one machine is in, each thing is "
                  "taken from the first that says it.",
                  group_settings()),
      section_doc("[[subnet.pool]]", "Addresses with something of their own.", pool_settings()),
      {"[options]",
       "DHCP options of everyone, by name or number. The nearest that says something about an option wins: "
       "machine, group, pool, class, subnet, and then this section. A client gets what it asks for (option "
       "55), and what boot loaders use without asking.",
       {{"always-send", "list of options", "none", "options to send whether or not the client asks", false},
        {"never-send", "list of options", "none", "options never to send, whatever is said anywhere",
         false}}},
  };
}

}  // namespace slipway::config
