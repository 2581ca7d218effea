// SPDX-License-Identifier: MPL-2.0
// slipway: the words of the command line. The work is in the file of each noun (verbs.h).
#include <cstdlib>
#include <functional>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"
#include "base/version.h"
#include "cli/verbs.h"
#include "config/config.h"
#include "rehearsal/exchange.h"

namespace {

using slipway::cli::Context;

/// Words and where their values go. One object, alive while CLI11 parses.
struct Words {
  Context context;
  std::string name, file;
  std::optional<std::string> machine;
  bool follow = false, dry_run = false;
  unsigned boots = 1;
  slipway::cli::Whom whom;
  slipway::cli::OnceOptions once;
  slipway::cli::PreviewOptions preview;
  slipway::cli::SimulateOptions simulate;
  slipway::cli::LeaseFilter lease_filter;
  slipway::cli::LeaseImportOptions lease_import;
  slipway::cli::ExportOptions exports;
  slipway::image::Wish wish;
  std::string kind;
  std::function<int()> verb;
};

CLI::App* add_verb(CLI::App& noun, Words& words, const std::string& name, const std::string& says,
                   std::function<int()> work, const std::string& examples = "") {
  CLI::App* verb = noun.add_subcommand(name, says);
  verb->callback([&words, work = std::move(work)] { words.verb = work; });
  if (!examples.empty()) verb->footer("Examples:\n" + examples);
  return verb;
}

CLI::App* add_noun(CLI::App& app, const std::string& name, const std::string& says) {
  CLI::App* noun = app.add_subcommand(name, says);
  noun->require_subcommand(1);
  return noun;
}

/// What there is to say of a source that is read, for an import or to look at it.
void add_source(CLI::App* verb, Words& w) {
  verb->add_option("source", w.file, "archive, ISO, folder, kernel or EFI program")->required();
  verb->add_option("--kernel", w.wish.kernel,
                   "the kernel's path in the source, where it is not found by itself");
  verb->add_option("--initrd", w.wish.initrds, "its initrd; may be given again");
  verb->add_option("--module", w.wish.modules, "\"PATH WORDS\" for a multiboot kernel; may be given again");
  verb->add_option("--efi", w.wish.program, "the same system as a program for UEFI machines");
  verb->add_option(
          "--kind", w.kind,
          "smartos, illumos, linux, multiboot, efi, iso or wimboot; told by the source where it is not given")
      ->check([&w](const std::string& text) {
        w.wish.kind = slipway::model::parse_image_kind(text);
        return w.wish.kind ? std::string() : fmt::format("there is no kind of image '{}'", text);
      });
  verb->add_option("--version", w.wish.version,
                   "what the image is called, kind@VERSION; of SmartOS the STAMP");
}

void add_images(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App& image = *add_noun(app, "image", "Images: what machines boot");
  add_source(add_verb(
                 image, w, "import", "Bring in an image, verified and whole, or not at all",
                 [&w] { return image_import(w.context, w.file, w.wish); },
                 "  slipway image import platform-20240102T030405Z.tgz\n"
                 "  slipway image import smartos-20240102T030405Z.iso\n"
                 "  slipway image import /tftpboot/os/20240102T030405Z\n"
                 "  slipway image import netboot.tar.gz --version debian-12\n"
                 "  slipway image import folder --kernel vmlinuz --initrd initrd.img"),
             w);
  add_verb(image, w, "list", "The images in the store", [&w] { return image_list(w.context); });
  add_verb(
      image, w, "show", "One image and its files", [&w] { return image_show(w.context, w.name); },
      "  slipway image show smartos@latest\n  slipway image show 3f9a01")
      ->add_option("image", w.name, "kind@version, version, or at least the first 6 digits of its id")
      ->required();
  add_source(add_verb(
                 image, w, "inspect", "What an import would find; needs no daemon and no configuration",
                 [&w] { return image_inspect(w.context, w.file, w.wish); },
                 "  slipway image inspect platform-20240102T030405Z.tgz"),
             w);
  add_verb(image, w, "verify", "Read every byte again and compare", [&w] {
    return image_verify(w.context, w.name);
  })->add_option("image", w.name, "only this one");
  add_verb(image, w, "gc", "Take away every image that nothing needs", [&w] {
    return image_gc(w.context, w.dry_run);
  })->add_flag("--dry-run", w.dry_run, "only say which");
  add_verb(image, w, "remove", "Take an image away that nothing needs",
           [&w] { return image_remove(w.context, w.name); })
      ->add_option("image", w.name, "kind@version, version, or at least the first 6 digits of its id")
      ->required();
}

void add_assignments(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App& image = *app.get_subcommand("image");
  constexpr const char* named = "kind@version, version, or at least the first 6 digits of its id";
  auto whom = [&w](CLI::App* verb) {
    verb->add_option("--machine", w.whom.machine, "one machine: name, MAC address, UUID or address");
    verb->add_option("--group", w.whom.group, "the machines that a group names");
    verb->add_flag("--default", w.whom.everyone, "everyone who has none of their own");
    return verb;
  };
  auto kind = [&w](CLI::App* verb) {
    verb->add_option("--kind", w.whom.kind, "of image, where several kinds are assigned");
  };
  whom(add_verb(
           image, w, "assign", "What a machine, a group or everyone boots from now on",
           [&w] { return image_assign(w.context, w.name, w.whom); },
           "  slipway image assign smartos@20240102T030405Z --default\n"
           "  slipway image assign 20240102T030405Z --machine node1\n\n"
           "No machine that runs is touched: each boots it the next time it boots."))
      ->add_option("image", w.name, named)
      ->required();
  kind(whom(add_verb(
      image, w, "rollback", "Back to what was assigned before; once more goes back further",
      [&w] { return image_rollback(w.context, w.whom); },
      "  slipway image rollback --default\n  slipway image rollback --machine node1")));
  kind(whom(add_verb(
      image, w, "unassign", "From now on the configuration says what is booted",
      [&w] { return image_unassign(w.context, w.whom); }, "  slipway image unassign --machine node1")));
  add_verb(image, w, "assigned", "Which images are assigned to whom, and boots ordered once",
           [&w] { return image_assigned(w.context); });
  whom(add_verb(image, w, "history", "What was assigned, rolled back and taken back, newest first",
                [&w] { return image_history(w.context, w.whom); }));
  add_verb(image, w, "pin", "Keep an image, whether or not anything needs it",
           [&w] { return image_pin(w.context, w.name, true); })
      ->add_option("image", w.name, named)
      ->required();
  add_verb(image, w, "unpin", "Keep it no longer than it is needed",
           [&w] { return image_pin(w.context, w.name, false); })
      ->add_option("image", w.name, named)
      ->required();
}

void add_boots(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App& boot = *add_noun(app, "boot", "Boots");
  CLI::App* preview = add_verb(
      boot, w, "preview", "What a machine would be served, and what is wrong with it",
      [&w] { return boot_preview(w.context, w.preview); },
      "  slipway boot preview --mac 0c:c4:7a:ab:cd:ef\n"
      "  slipway boot preview --mac node1 --loader pxelinux");
  preview->add_option("--mac", w.preview.mac, "MAC address or name")->required();
  preview->add_option("--arch", w.preview.arch, "bios, uefi or arm64")->capture_default_str();
  preview->add_option("--loader", w.preview.loader, "ipxe, pxelinux, grub (GRUB 2) or menu.lst (GRUB legacy)")
      ->check(CLI::IsMember({"ipxe", "pxelinux", "grub", "menu.lst"}))
      ->capture_default_str();
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
  explain_verb->add_option("--boots", w.boots, "how many of its last boots")->check(CLI::PositiveNumber);
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

void add_exports(CLI::App& app, Words& w) {
  using namespace slipway::cli;
  CLI::App& noun = *add_noun(app, "export", "For a site that keeps its own DHCP, TFTP or HTTP server");
  ExportOptions& o = w.exports;
  auto where = [&o](CLI::App* verb) {
    verb->add_option("--server", o.server, "address of the server the files will be on; usually this one");
    verb->add_option("--http-port", o.http_port, "of its HTTP server")->capture_default_str();
    verb->add_flag("--tftp", o.only_tftp, "it has no HTTP server: everything comes by TFTP");
  };
  CLI::App* tree = add_verb(
      noun, w, "tftpboot", "Write the whole tree: loaders, scripts, menus, images",
      [&w] { return export_tftpboot(w.context, w.exports); },
      "  slipway export tftpboot /srv/tftp\n  slipway export tftpboot /srv/tftp --server 10.99.99.5 "
      "--tftp\n\n"
      "Run it again after an import: what is not needed any more goes, and images there already stay.");
  tree->add_option("folder", o.folder, "what the TFTP and HTTP servers serve")->required();
  tree->add_flag("--force", o.force, "replace files of the same names that slipway did not write");
  where(tree);
  for (const char* what : {"dhcpd", "kea", "dnsmasq"}) {
    where(add_verb(noun, w, what, fmt::format("Configuration of {} that goes with it", what), [&w, what] {
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
  CLI::App* verb = add_verb(
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

/// "there is no 'imoprt'; did you mean 'import'?" for a word where a verb was expected.
std::string unknown_word(const CLI::App& noun, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* verb : noun.get_subcommands([](const CLI::App*) { return true; }))
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
  if (const char* socket = std::getenv("SLIPWAY_SOCKET")) words.context.socket = socket;

  CLI::App app("Slipway boots machines over the network and tells you why one did not.");
  app.name("slipway");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("-V,--version", std::string("slipway ") + slipway::version);
  app.add_option("-c,--config", words.context.config, "configuration file")->capture_default_str();
  app.add_option("--socket", words.context.socket, "slipwayd's socket, where the configuration does not say");
  app.add_flag("--json", words.context.json, "for programs");
  app.footer(
      "A first boot:\n  slipway check\n  slipway image import platform-20240102T030405Z.tgz\n"
      "  slipway events --follow\n  slipway explain node1");
  add_images(app, words);
  add_assignments(app, words);
  add_machines(app, words);
  add_boots(app, words);
  add_leases(app, words);
  add_server(app, words);
  add_simulate(app, words);
  add_exports(app, words);
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
