// SPDX-License-Identifier: MPL-2.0
#include "timeline/diagnosis.h"

#include <algorithm>
#include <array>

namespace slipway::timeline {
namespace {

using namespace std::chrono_literals;

// What {file}, {address} and the like mean: facts.cc.
const std::array<CauseInfo, cause_count> causes{{
    {Cause::unknown_machine,
     "unknown-machine",
     "It asks for an address and gets none, or gets one and nothing to boot.",
     "the configuration does not name it, and [boot] unknown says to leave such machines alone",
     {Clue::asked, Clue::ignored, Clue::given},
     "Add a [[machine]] with its MAC address, or set another [boot] unknown"},
    {Cause::foreign_server,
     "foreign-server",
     "Its DISCOVERs are not answered on a segment where another server gives addresses.",
     "another DHCP server{servers} gives addresses on its segment, so this one gives none there",
     {Clue::asked, Clue::ignored, Clue::servers},
     "Stop the other server, or set mode = \"proxy\" to boot machines beside it, or other-servers = "
     "\"ignore\""},
    {Cause::pool_exhausted,
     "pool-exhausted",
     "Its DISCOVERs are not answered.",
     "no address is left for it in its subnet",
     {Clue::asked, Clue::ignored},
     "Widen the range, shorten lease-time, reserve an address for it, or free one with `slipway lease "
     "release`"},
    {Cause::no_boot_file,
     "no-boot-file",
     "It asks as a boot client and is not answered, or its answer names no file.",
     "there is nothing here that boots on its firmware ({arch})",
     {Clue::architecture, Clue::asked, Clue::ignored, Clue::given},
     "Let a [[class]] name a boot-file for it, or switch its firmware to another kind of network boot"},
    {Cause::packet_ignored,
     "packet-ignored",
     "Its packets arrive and are dropped for another reason that has a name.",
     "{reason}",
     {Clue::asked, Clue::requested, Clue::ignored},
     "Do what docs/reference/drops.md says of this reason"},
    {Cause::offered_other_server,
     "offered-other-server",
     "It was offered an address and did not take ours.",
     "it took the offer of another DHCP server{servers}",
     {Clue::offered, Clue::requested, Clue::servers, Clue::ignored},
     "Stop the other server, or set mode = \"proxy\" so that this one gives no addresses"},
    {Cause::offered_by_relay,
     "offered-by-relay",
     "It was offered an address by way of a relay, asks again, and never takes it.",
     "the relay {relay} does not carry our offers to it",
     {Clue::asked, Clue::offered, Clue::relay, Clue::silence},
     "See that UDP port 67 of {relay} can be reached from here and that it relays answers; of relays that "
     "want "
     "them at the source of the packet reply-to = \"source\" speaks"},
    {Cause::offered_late,
     "offered-late",
     "The first packet that arrives says that it has been asking for long, and it gives up soon after.",
     "its switch port carried nothing for its first {waited} s: spanning tree was listening, or LACP waited "
     "for a partner",
     {Clue::waited, Clue::asked, Clue::offered, Clue::silence},
     "Make the port an edge port (portfast), and let a bundle work with a single member without LACP"},
    {Cause::offered_not_requested,
     "offered-not-requested",
     "It was offered an address and never asks for it.",
     "another DHCP server was faster, or our offers do not reach it",
     {Clue::asked, Clue::offered, Clue::silence},
     "Check VLAN, relay and firewall, spanning tree on its switch port, and in a SmartOS zone "
     "allow_dhcp_spoofing on our NIC"},
    {Cause::address_refused,
     "address-refused",
     "It asked for an address and got a DHCPNAK.",
     "{reason}",
     {Clue::requested, Clue::refused_address},
     "It should begin anew; if it hangs, restart it"},
    {Cause::address_in_use,
     "address-in-use",
     "It gave its address back (DHCPDECLINE).",
     "something else uses {address}",
     {Clue::given, Clue::refused_address},
     "Find it with `arping {address}`, or take the address out of the range"},
    {Cause::loader_not_requested,
     "loader-not-requested",
     "It has its address and never asks for its loader.",
     "UDP port 69 (TFTP) is blocked on the way here, or its firmware cannot boot this file",
     {Clue::given, Clue::architecture, Clue::silence},
     "Check that nothing blocks UDP port 69 (TFTP) between it and this server, and that its firmware "
     "supports "
     "network boot for this file"},
    {Cause::loader_refused,
     "loader-refused",
     "It asks for its loader and is told that there is none.",
     "{reason}",
     {Clue::loader, Clue::refusal},
     "`slipway check` names the loaders that are missing and the packages that bring them"},
    {Cause::loader_unheard,
     "loader-unheard",
     "It asks for its loader, and nothing comes back after our first packet.",
     "a firewall or NAT between drops UDP from the high port each transfer has of its own",
     {Clue::loader, Clue::unheard, Clue::blocks},
     "Let UDP from every port of this server through, or set tftp-single-port = true"},
    {Cause::loader_block_lost,
     "loader-block-lost",
     "It agrees on a block size, and then not one block arrives.",
     "blocks of {block} bytes do not fit the smallest MTU on the way, and what is too large is lost",
     {Clue::loader, Clue::blocks},
     "Set the MTU of every link between to 1500, or let fragments and \"fragmentation needed\" (ICMP) "
     "through"},
    {Cause::loader_cut,
     "loader-cut",
     "Its loader breaks off in the middle.",
     "packets are lost, or the line went down",
     {Clue::loader, Clue::blocks},
     "Look for packet loss and for a smaller MTU on the way"},
    {Cause::loader_wrong_architecture,
     "loader-wrong-architecture",
     "It fetches its loader whole and is not heard of again.",
     "{file} is not for its firmware, which is {arch}",
     {Clue::architecture, Clue::loader, Clue::silence},
     "Take the boot-file out of the [[class]] or group that names it: by itself this server chooses by "
     "architecture"},
    {Cause::loader_loop,
     "loader-loop",
     "It fetches its loader again and again and gets no further.",
     "what it loads does not say that it is iPXE (user class), or crashes at once",
     {Clue::loader, Clue::given, Clue::second_dhcp},
     "Put another build of {file} in place, or look at its console"},
    {Cause::loader_silent,
     "loader-silent",
     "It fetches its loader whole and is not heard of again.",
     "the loader does not run on this firmware ({arch}), Secure Boot refuses it, or it does not see the "
     "network card",
     {Clue::architecture, Clue::loader, Clue::module, Clue::silence},
     "Look at its console, turn Secure Boot off, try another loader"},
    {Cause::script_not_requested,
     "script-not-requested",
     "{program} has its address and never asks for its script.",
     "{ports} is blocked between it and this server",
     {Clue::second_dhcp, Clue::silence},
     "Look at its console; check that nothing blocks {ports} between it and this server"},
    {Cause::refused_by_lint,
     "refused-by-lint",
     "It gets a script that shows why nothing is started.",
     "its kernel could not take what it would be told: {reason}",
     {Clue::refusal, Clue::script},
     "`slipway check` shows what to correct"},
    {Cause::refused_no_image,
     "refused-no-image",
     "It gets a script that shows why nothing is started.",
     "what it is to boot is not here, or not whole: {reason}",
     {Clue::refusal, Clue::script},
     "`slipway image list` shows what is here, `slipway image import` brings more"},
    {Cause::refused_machine,
     "refused-machine",
     "It gets a script that shows why nothing is started.",
     "what it is to boot does not start on such a machine: {reason}",
     {Clue::refusal, Clue::architecture, Clue::script},
     "Give it another image, or switch its firmware as its console says"},
    {Cause::script_refused,
     "script-refused",
     "It asks for its script and is told that there is none.",
     "{reason}",
     {Clue::script, Clue::refusal},
     "Take away what names the script: by itself this server names one that is there"},
    {Cause::script_silent,
     "script-silent",
     "It fetches its script, and nothing after.",
     "a menu waits for a key, or the entry failed",
     {Clue::script, Clue::module, Clue::silence},
     "Look at its console"},
    {Cause::kernel_refused,
     "kernel-refused",
     "It asks for the kernel and is told that there is none.",
     "{reason}",
     {Clue::kernel, Clue::refusal},
     "`slipway image list` shows what is here"},
    {Cause::kernel_cut,
     "kernel-cut",
     "The kernel breaks off in the middle.",
     "the line lost packets or went down, or the machine was restarted",
     {Clue::kernel},
     "If the machine was not restarted by hand, look for packet loss on the way"},
    {Cause::module_missing,
     "module-missing",
     "A module of its kernel is asked for in vain, and it goes no further.",
     "{module}",
     {Clue::kernel, Clue::module, Clue::archive},
     "Import the image again: `slipway image verify` shows what it lacks"},
    {Cause::withheld,
     "withheld",
     "A boot module, or a script with credentials, is refused to it: the address it asks from is not known "
     "as "
     "its own.",
     "it is for this machine alone, and the address it asks from is not known as this machine's",
     {Clue::script, Clue::refusal, Clue::module},
     "Reserve that address, `address = \"...\"` in its [[machine]], or let Slipway give it one"},
    {Cause::kernel_no_multiboot,
     "kernel-no-multiboot",
     "It fetches the kernel on UEFI and never asks for the archive.",
     "a stock iPXE on UEFI knows no multiboot (\"Exec format error\")",
     {Clue::architecture, Clue::kernel, Clue::silence},
     "Switch its firmware to BIOS (legacy) boot, or give it an iPXE with multiboot2"},
    {Cause::kernel_silent,
     "kernel-silent",
     "It fetches the kernel and never asks for the archive.",
     "its iPXE could not start the kernel (a stock iPXE on UEFI knows no multiboot: \"Exec format error\")",
     {Clue::architecture, Clue::kernel, Clue::module, Clue::silence},
     "Look at its console"},
    {Cause::archive_refused,
     "archive-refused",
     "It asks for the boot archive and is told that there is none.",
     "{reason}",
     {Clue::archive, Clue::refusal},
     "`slipway image list` shows what is here"},
    {Cause::archive_unreadable,
     "archive-unreadable",
     "The boot archive ends before its size, for every machine at the same byte.",
     "the stored file is cut or cannot be read",
     {Clue::archive},
     "`slipway image verify` says which file; import the image again"},
    {Cause::archive_stalled,
     "archive-stalled",
     "The boot archive stops in the middle, and nothing more is taken.",
     "the line or the machine died in mid-transfer",
     {Clue::archive, Clue::silence},
     "Look at its cable, its switch port and its power"},
    {Cause::archive_given_up,
     "archive-given-up",
     "The machine itself ends the transfer of the boot archive.",
     "it has too little memory: it needs about twice the archive's size below 4 GiB",
     {Clue::archive},
     "Give it more memory; if it was restarted by hand, nothing"},
    {Cause::archive_cut,
     "archive-cut",
     "The boot archive breaks off, and the machine begins anew.",
     "it was restarted, ran out of memory, or the line lost too much",
     {Clue::archive},
     "If the machine was not restarted by hand: it needs about twice the archive's size in memory below 4 "
     "GiB, and a line without loss"},
    {Cause::kernel_not_started,
     "kernel-not-started",
     "Everything was delivered, and its loader asks for the script again.",
     "its loader could not start the kernel: too little memory, or a kernel that is none for it",
     {Clue::kernel, Clue::archive, Clue::script},
     "Look at its console, which shows iPXE's number for the error"},
    {Cause::started_never_up,
     "started-never-up",
     "Everything was delivered, and what shows that it is up did not come in time.",
     "its operating system hangs or has no network, or the probe of its profile asks for the wrong thing",
     {Clue::kernel, Clue::archive, Clue::up},
     "Look at its console; probe and up-within in its profile say what is waited for"},
    {Cause::came_back,
     "came-back",
     "Everything was delivered, and soon after it asks to boot again without having been up.",
     "its kernel panicked, or somebody restarted it",
     {Clue::archive, Clue::up, Clue::returns},
     "Look at its console; an image that fails is taken back with `slipway image rollback`"},
    {Cause::panic_loop,
     "panic-loop",
     "It is given everything and comes back, time after time.",
     "its kernel panics each time, or an installer that is done is started again",
     {Clue::archive, Clue::up, Clue::returns},
     "Look at its console; take the image back with `slipway image rollback`, or install with `slipway boot "
     "once`"},
    {Cause::identity_changed,
     "identity-changed",
     "Within one boot it got two addresses.",
     "its programs name themselves differently (client id), so that one machine counts as two",
     {Clue::addresses},
     "Set identify = \"mac\" in its [[subnet]]"},
}};

constexpr std::string_view clues[] = {
    "its DHCPDISCOVERs: how many, when",
    "our offers: of which address, how many, when",
    "its DHCPREQUESTs: how many, when, to which server",
    "our DHCPACKs: of which address, which boot file",
    "how long it had been asking when it was first heard (secs)",
    "the relay its packets came by (giaddr)",
    "other DHCP servers: what was heard of them",
    "packets of it that were not answered: the reason, how many, when",
    "the address that was refused or given back, and why",
    "the addresses it got, and which program",
    "the architecture it names (option 93)",
    "the loader: file, bytes, how often asked for, why it ended",
    "the block size agreed on, and how many bytes were acknowledged",
    "that nothing came back after its request",
    "the second exchange: which program, how many",
    "the script: how often, when",
    "the reason it was told",
    "files beside the kernel or loader that were not delivered",
    "the kernel: file, bytes, when, why it ended",
    "the archive: file, bytes, when, why it ended",
    "what is waited for to know that it is up, and for how long",
    "how often it came back in a row, and how soon",
    "since when nothing has been heard of it",
};
static_assert(std::size(clues) == clue_count);

// Patience is firmware's: ROMs and iPXE repeat themselves within seconds, a switch port with spanning
// tree takes up to 50 s after the link went down and up, a menu waits half a minute by default.
constexpr Deadline stage_deadlines[] = {
    {StageName::discover, 5s, VerdictCode::no_offer},
    {StageName::offer, 10s, VerdictCode::offer_not_taken},
    {StageName::request, 5s, VerdictCode::no_answer},
    {StageName::ack, 20s, VerdictCode::loader_not_asked},
    {StageName::loader, 60s, VerdictCode::loader_silent},
    {StageName::ipxe, 30s, VerdictCode::script_not_asked},
    {StageName::script, 120s, VerdictCode::script_silent},
    {StageName::kernel, 30s, VerdictCode::kernel_silent},
};
constexpr bool in_order_of_stage() {
  for (std::size_t i = 0; i < std::size(stage_deadlines); ++i) {
    if (static_cast<std::size_t>(stage_deadlines[i].after) != i) return false;
  }
  return std::size(stage_deadlines) ==
         stage_count - 1;  // behind the archive a profile says what is waited for
}
static_assert(in_order_of_stage());

}  // namespace

std::string_view to_string(Clue clue) {
  return clues[static_cast<std::size_t>(clue)];
}

const CauseInfo& info(Cause cause) {
  return causes[static_cast<std::size_t>(cause)];
}

std::span<const CauseInfo> all_causes() {
  return causes;
}

std::span<const Deadline> deadlines() {
  return stage_deadlines;
}

const Deadline& deadline_after(StageName stage) {
  return stage_deadlines[static_cast<std::size_t>(stage)];
}

}  // namespace slipway::timeline
