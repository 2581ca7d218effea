// SPDX-License-Identifier: MPL-2.0
// slipway: the words of the command line. The work is in the file of each noun (verbs.h).
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"
#include "base/version.h"
#include "cli/words.h"
#include "config/config.h"
#include "rehearsal/exchange.h"

namespace {

using slipway::cli::add_noun;
using slipway::cli::add_verb;
using slipway::cli::add_verb_here;
using slipway::cli::Words;

void add_boots(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App& boot = *add_noun(app, "boot", "Boots");
  CLI::App* preview = add_verb_here(
      boot, w, "preview", "What a machine would be served, and what is wrong with it",
      [&w] { return boot_preview(w.context, w.preview); },
      "  slipway boot preview --mac 0c:c4:7a:ab:cd:ef\n"
      "  slipway boot preview --mac node1 --loader pxelinux");
  preview->add_option("--mac", w.preview.mac, "MAC address or name")->required();
  preview->add_option("--arch", w.preview.arch, "bios, uefi or arm64")->capture_default_str();
  preview
      ->add_option("--loader", w.preview.loader,
                   "ipxe, pxelinux, grub (GRUB 2), menu.lst (GRUB legacy) or illumos")
      ->check(CLI::IsMember({"ipxe", "pxelinux", "grub", "menu.lst", "illumos"}))
      ->capture_default_str();
  add_verb(
      boot, w, "properties", "The kernel properties of illumos and SmartOS that are known, and what they do",
      [&w] { return boot_properties(w.context, w.property); },
      "  slipway boot properties\n  slipway boot properties ttya-mode\n  slipway boot properties --json")
      ->add_option("property", w.property, "this one alone");
  CLI::App* once = add_verb(
      boot, w, "once", "What a machine boots the next time, and never after",
      [&w] { return boot_once(w.context, w.once); },
      "  slipway boot once node1 smartos@20240102T030405Z\n  slipway boot once node1 --variant rescue\n"
      "  slipway boot once node1 --cancel");
  once->add_option("machine", w.once.machine, "name, MAC address, UUID or address")->required();
  once->add_option("what", w.once.what, "a profile of the configuration, or an image");
  once->add_option("--variant", w.once.variant, "normal, serial, rescue, kmdb, single-user or debug");
  once->add_flag("--cancel", w.once.cancel, "take the order back");
}

void add_machines(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App* explain_verb = add_verb(
      app, w, "explain", "Why a machine boots or does not: its stages and one sentence",
      [&w] { return explain(w.context, w.name, w.boots); },
      "  slipway explain node1\n  slipway explain 0c:c4:7a:ab:cd:ef --boots 3\n"
      "  slipway explain 10.99.99.20 --json\n\nExit code 0 when it is up or on its way, 1 when nobody could "
      "be asked, 3 when it is in trouble.");
  explain_verb->add_option("machine", w.name, "name, MAC address, UUID or address")->required();
  explain_verb->add_option("--boots", w.boots, "how many of its last boots")->check(CLI::Range(1, 1000));
  CLI::App& machine = *add_noun(app, "machine", "Machines: named ones and those the network has shown");
  add_verb(machine, w, "list", "Every machine and where it stands", [&w] { return machine_list(w.context); });
  add_verb(machine, w, "show", "One machine: what it is to boot, runs, and came up with",
           [&w] { return machine_show(w.context, w.name); })
      ->add_option("machine", w.name, "name, MAC address, UUID or address")
      ->required();
  add_verb(machine, w, "forget", "Forget what a machine ran and was assigned: it is gone for good",
           [&w] { return machine_forget(w.context, w.name); })
      ->add_option("machine", w.name, "name, MAC address, UUID or address")
      ->required();
  add_verb(
      app, w, "top", "The rack, live: who is in trouble, who is on the way, and why",
      [&w] { return top(w.context); },
      "  slipway top\n\nq quits, arrows and page keys move, t shows only machines in trouble.");
  CLI::App* events_verb = add_verb(
      app, w, "events", "What happened; with --follow as it happens",
      [&w] { return events(w.context, w.follow, w.machine); },
      "  slipway events --follow\n  slipway events --machine node1 --json");
  events_verb->add_flag("-f,--follow", w.follow, "go on until interrupted");
  events_verb->add_option("--machine", w.machine, "only of this one");
}

void add_leases(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App& lease = *add_noun(app, "lease", "Leases");
  CLI::App* list = add_verb(
      lease, w, "list", "Every lease that is known", [&w] { return lease_list(w.context, w.lease_filter); },
      "  slipway lease list --state active\n  slipway lease list --subnet 10.99.99.0/24 --json");
  list->add_option("--subnet", w.lease_filter.subnet, "only addresses of this network");
  list->add_option("--mac", w.lease_filter.mac, "only of this MAC address");
  list->add_option("--state", w.lease_filter.state, "only active, expired, released or declined ones")
      ->check(CLI::IsMember({"active", "expired", "released", "declined"}));
  add_verb(
      lease, w, "release", "Take an address back, or end its quarantine",
      [&w] { return lease_release(w.context, w.name); },
      "  slipway lease release 10.99.99.20\n  slipway lease release node1")
      ->add_option("address", w.name, "the address, or the name or MAC address of the machine that holds it")
      ->required();
  CLI::App* import_verb = add_verb(
      lease, w, "import",
      "Take over the leases of ISC dhcpd, Kea or dnsmasq, so that no machine changes its address",
      [&w] { return lease_import(w.context, w.lease_import); },
      "  slipway lease import --dry-run /var/lib/dhcp/dhcpd.leases\n"
      "  slipway lease import /var/lib/kea/kea-leases4.csv\n"
      "  slipway lease import --from dnsmasq /var/lib/misc/dnsmasq.leases\n\n"
      "Exit code 0 when every lease that still runs is here, 1 when one is not or an entry could not be "
      "read.");
  import_verb->add_option("file", w.lease_import.files, "the file that the other server wrote")->required();
  import_verb->add_option("--from", w.lease_import.from, "isc, kea or dnsmasq, where the file does not tell")
      ->check(CLI::IsMember({"isc", "kea", "dnsmasq"}));
  import_verb->add_flag("--dry-run", w.lease_import.dry_run, "only say what would come of it");
}

void add_server(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  add_verb(
      app, w, "check", "Every error of a configuration at once, and what machines would be refused for",
      [&w] { return check(w.context, w.file); },
      "  slipway check\n  slipway check ./slipway.toml && slipway reload")
      ->add_option("file", w.file, "instead of the one that is in use");
  add_verb(app, w, "status", "The daemon at a glance", [&w] { return status(w.context); });
  add_verb(app, w, "reload", "Read the configuration again: all of it or nothing",
           [&w] { return reload(w.context); });
  add_verb(
      app, w, "decode", "DHCP and TFTP packets of a capture as text",
      [&w] { return decode(w.context, w.file); },
      "  slipway decode boot.pcap\n  tcpdump -U -w - -i eth1 port 67 | slipway decode -")
      ->add_option("file", w.file, "a capture, one DHCP message, or - for standard input")
      ->required();
}

void add_tokens(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App& token = *add_noun(app, "token", "Tokens: who may use the API from other machines");
  CLI::App* create = add_verb(
      token, w, "create", "Make a token; its secret is shown this once",
      [&w] { return token_create(w.context, w.token); },
      "  slipway token create console --scope read\n"
      "  slipway token create rack-tool --scope write --days 90 >token && chmod 600 token");
  create->add_option("name", w.token.name, "what it is called in lists and in `slipway audit`")->required();
  create->add_option("--scope", w.token.scope, "read, or write: whether its holder may change anything")
      ->required()
      ->check(CLI::IsMember({"read", "write"}));
  create
      ->add_option("--days", w.token.days, "how long it is good; until it is revoked where this is not given")
      ->check(CLI::Range(1u, 3650u));
  add_verb(token, w, "list", "Every token, without its secret", [&w] { return token_list(w.context); });
  add_verb(token, w, "revoke", "It opens nothing any more, from now on",
           [&w] { return token_revoke(w.context, w.name); })
      ->add_option("token", w.name, "its name")
      ->required();
  add_verb(
      app, w, "audit",
      "Every change that was asked for through the API: who, what, from where, and what came of it",
      [&w] { return audit(w.context, w.limit); }, "  slipway audit --limit 200\n  slipway audit --json")
      ->add_option("--limit", w.limit, "the newest so many")
      ->check(CLI::Range(1u, 1000u))
      ->capture_default_str();
}

void add_exports(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App& noun = *add_noun(app, "export", "For a site that keeps its own DHCP, TFTP or HTTP server");
  ExportOptions& o = w.exports;
  auto where = [&o](CLI::App* verb) {
    verb->add_option("--server", o.server, "address of the server the files will be on; usually this one");
    verb->add_option("--http-port", o.http_port, "of its HTTP server")->capture_default_str();
    verb->add_flag("--tftp", o.only_tftp, "it has no HTTP server: everything comes by TFTP");
  };
  CLI::App* tree = add_verb_here(
      noun, w, "tftpboot", "Write the whole tree: loaders, scripts, menus, images",
      [&w] { return export_tftpboot(w.context, w.exports); },
      "  slipway export tftpboot /srv/tftp\n  slipway export tftpboot /srv/tftp --server 10.99.99.5 "
      "--tftp\n\n"
      "Run it again after an import: what is not needed any more goes, and images there already stay.");
  tree->add_option("folder", o.folder, "what the TFTP and HTTP servers serve")->required();
  tree->add_flag("--force", o.force, "replace files of the same names that slipway did not write");
  where(tree);
  for (const char* what : {"dhcpd", "kea", "dnsmasq"}) {
    where(
        add_verb_here(noun, w, what, fmt::format("Configuration of {} that goes with it", what), [&w, what] {
          w.exports.what = what;
          return export_snippet(w.context, w.exports);
        }));
  }
}

std::vector<std::string> firmware_names() {
  std::vector<std::string> names{"none"};
  for (const auto& firmware : slipway::rehearsal::firmwares()) names.emplace_back(firmware.name);
  return names;
}

void add_simulate(CLI::App& app, Words& w) {
  using namespace slipway;
  CLI::App* verb = add_verb_here(
      app, w, "simulate", "What a client would be answered, and why; nothing is sent or changed",
      [&w] { return cli::simulate(w.context, w.simulate); },
      "  slipway simulate --mac 0c:c4:7a:ab:cd:ef --arch uefi\n"
      "  slipway simulate --mac node1 --as ipxe\n"
      "  slipway simulate --mac node1 --as linux --message renew --address 10.99.99.20\n"
      "  slipway simulate --mac 0c:c4:7a:ab:cd:ef --relay 10.2.0.1 --circuit eth1/7\n"
      "  slipway simulate --pcap boot.pcap\n\nExit code 0 when it would be answered, 1 when not.");
  cli::SimulateOptions& o = w.simulate;
  verb->add_option("--mac", o.mac, "MAC address, or the name of a machine");
  verb->add_option("--as", o.as, "the program that asks; none: only what the other options say")
      ->check(CLI::IsMember(firmware_names()))
      ->capture_default_str();
  verb->add_option("--arch", o.arch, "bios, uefi, arm64, ..., or its number in option 93");
  verb->add_option("--message", o.message, "what it sends; exchange: DISCOVER to ACK, and the next stage's")
      ->check(CLI::IsMember(rehearsal::act_names()))
      ->capture_default_str();
  verb->add_option("--address", o.address, "the address it has or asks for, where it names one");
  verb->add_option("--interface", o.interface, "where its packets come in");
  verb->add_option("--relay", o.relay, "address of the relay that hands them on (giaddr)");
  verb->add_option("--circuit", o.circuit, "the relay's circuit id: text, or hex:...");
  verb->add_option("--remote", o.remote, "the relay's remote id: text, or hex:...");
  verb->add_option("--uuid", o.uuid, "UUID (option 97)");
  verb->add_option("--client-id", o.client_id, "client id in hexadecimal (option 61)");
  verb->add_option("--vendor-class", o.vendor_class, "vendor class (option 60)");
  verb->add_option("--user-class", o.user_class, "user class (option 77)");
  verb->add_option("--option", o.options, "any option, as NAME=VALUE or CODE=VALUE")->allow_extra_args(false);
  verb->add_option("--pcap", o.pcap, "put each client's packet of this capture to the server instead");
}

/// For shells; people find no such word.
void add_completion(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App* verb = add_verb(app, w, "complete", "What may follow in a command line",
                            [&app, &w] { return complete(app, w.context, w.name); });
  verb->group("")->add_option("line", w.name, "up to the cursor")->required();
}

/// "there is no 'imoprt'; did you mean 'import'?" for a word where a verb was expected.
std::string unknown_word(const CLI::App& noun, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* verb :
       noun.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    names.push_back(verb->get_name());
  auto meant = slipway::nearest(word, std::vector<std::string_view>(names.begin(), names.end()));
  std::string what = fmt::format("there is no '{}'", word);
  return meant ? fmt::format("{}; did you mean '{}'?", what, *meant)
               : fmt::format("{}, only {};", what, fmt::join(names, ", "));
}

/// What was typed where `noun` wanted a verb and has none of that name; empty when there is no such word.
std::string word_for_no_verb(const CLI::App& app, const CLI::App& noun) {
  auto rest = app.remaining(true);
  bool wants_verb = noun.get_require_subcommand_min() > 0;
  return wants_verb && !rest.empty() && !rest.front().starts_with('-') ? rest.front() : "";
}

/// A name is not left out by being empty: a script's variable was.
void forbid_empty_names(CLI::App& app) {
  auto said = [](std::string& text) { return text.empty() ? std::string("an empty word is none") : ""; };
  for (CLI::Option* option : app.get_options())
    if (option->get_positional() && option->get_required()) option->check(CLI::Validator(said, ""));
  for (CLI::App* verb : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    forbid_empty_names(*verb);
}

/// Help and version end well; everything else is a sentence about what was typed.
int end_of_parsing(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* noun = &app;
  std::string typed = app.get_name();
  while (!noun->get_subcommands().empty()) {
    noun = noun->get_subcommands().front();
    typed += " " + noun->get_name();
  }
  std::string word = word_for_no_verb(app, *noun);
  if (error.get_exit_code() == 0 && word.empty()) return app.exit(error);  // no help about what there is not
  std::string what = word.empty() ? std::string(error.what()) + ";" : unknown_word(*noun, word);
  fmt::print(stderr, "slipway: {} see `{} --help`\n", what, typed);
  return slipway::cli::exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  Words words;
  const char* configured = std::getenv("SLIPWAY_CONFIG");
  words.context.config = configured ? configured : std::string(slipway::config::default_path);
  auto from_environment = [](const char* name, std::string& into) {
    if (const char* value = std::getenv(name)) into = value;
  };
  from_environment("SLIPWAY_SOCKET", words.context.socket);
  from_environment("SLIPWAY_SERVER", words.context.server);
  from_environment("SLIPWAY_TOKEN_FILE", words.context.token_file);
  from_environment("SLIPWAY_TOKEN", words.context.token);
  from_environment("SLIPWAY_CA", words.context.authority);

  CLI::App app("Slipway boots machines over the network and tells you why one did not.");
  app.name("slipway");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("-V,--version", std::string("slipway ") + slipway::version);
  app.add_option("-c,--config", words.context.config, "configuration file")->capture_default_str();
  app.add_option("--socket", words.context.socket, "slipwayd's socket, where the configuration does not say");
  app.add_option("--server", words.context.server, "slipwayd on another machine, as https://HOST:PORT");
  app.add_option("--token-file", words.context.token_file,
                 "file with the token for it, where SLIPWAY_TOKEN does not hold it");
  app.add_option("--ca", words.context.authority, "PEM file that vouches for its certificate");
  app.add_flag("--json", words.context.json, "for programs");
  app.footer(
      "A first boot:\n  slipway check\n  slipway image import platform-20240102T030405Z.tgz\n"
      "  slipway events --follow\n  slipway explain node1");
  slipway::cli::add_images(app, words);
  slipway::cli::add_loaders(app, words);
  add_machines(app, words);
  add_boots(app, words);
  add_leases(app, words);
  add_server(app, words);
  add_tokens(app, words);
  add_simulate(app, words);
  add_exports(app, words);
  add_completion(app, words);
  forbid_empty_names(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return end_of_parsing(app, error);
  }
  try {
    return words.verb();
  } catch (const std::exception& error) {
    return slipway::cli::fail({error.what(), ""});
  }
}
