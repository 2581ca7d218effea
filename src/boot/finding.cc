// SPDX-License-Identifier: MPL-2.0
#include "boot/finding.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace slipway::boot {
namespace {

constexpr Severity error = Severity::error;
constexpr Severity warning = Severity::warning;

constexpr std::array<RuleInfo, 59> rule_table{{
    {Rule::kernel_path, "kernel-path", error,
     "the kernel opens, inside the boot archive, what its own path says from /platform/ on"},
    {Rule::kernel_path_twice, "kernel-path-twice", error,
     "the kernel looks for itself from the first /platform/ of its line on: there must be one only"},
    {Rule::kernel_path_tail, "kernel-path-tail", error,
     "anything behind .../amd64/unix becomes part of the name the kernel looks for"},
    {Rule::word_multiboot, "word-multiboot", error,
     "the word multiboot anywhere on the kernel line panics its first stage"},
    {Rule::flag_unknown, "flag-unknown", warning, "flags the kernel does not know are dropped in silence"},
    {Rule::flag_word, "flag-word", error, "a word among the flags that is none spoils what follows"},
    {Rule::flag_kmdb, "flag-kmdb", error, "-d stops in a debugger that only -k loads"},
    {Rule::property_name, "property-name", error,
     "a property is name=value; a bare or broken name swallows the next one"},
    {Rule::property_twice, "property-twice", error,
     "of two equal names the kernel takes the last and the early console the first"},
    {Rule::property_value, "property-value", error,
     "a quote opens a value only as its first character, and nothing escapes it"},
    {Rule::kernel_line_length, "kernel-line-length", error,
     "the kernel keeps 4,096 bytes for all values together"},
    {Rule::console_mode, "console-mode", warning, "a mode belongs to the serial line that is the console"},
    {Rule::mode_format, "mode-format", warning,
     "a mode is speed,bits,parity,stop,handshake; what the kernel does not know it takes for 9600,8,n,1,-"},
    {Rule::console_twice, "console-twice", warning,
     "a profile's console and one among its own properties or arguments: the latter counts"},
    {Rule::property_unknown, "property-unknown", warning,
     "a name that is nearly one the kernel knows is most likely a slip of the hand"},
    {Rule::property_type, "property-type", warning,
     "the kernel takes true and false, numbers and names by the letter, and anything else for nothing"},
    {Rule::unconfirmed, "unconfirmed", error,
     "what erases disks or opens a machine to everybody is done only for who says so twice"},
    {Rule::destroy_zpools, "destroy-zpools", warning, "destroy_zpools erases every pool of the machine"},
    {Rule::default_password, "default-password", warning,
     "the password hash of the old wiki page is the word root: everybody knows it"},
    {Rule::shadow_cut, "shadow-cut", warning, "SmartOS cuts root_shadow at a second equals sign"},
    {Rule::rescue_password, "rescue-password", warning,
     "with standalone=true root_shadow is not applied: nobody can log in"},
    {Rule::rescue_login, "rescue-login", warning,
     "without a pool and without root_shadow only the platform's own password lets root in"},
    {Rule::arguments_word, "arguments-word", error,
     "kernel arguments are plain text between blanks, and a quote that stays open swallows the rest"},
    {Rule::arguments_gap, "arguments-gap", warning,
     "of words in braces only {image}, {server}, {mac} and {name} are filled in"},
    {Rule::arguments_length, "arguments-length", error, "Linux keeps 2,047 characters and drops the rest"},
    {Rule::settings_ignored, "settings-ignored", warning,
     "properties and flags are for illumos kernels, arguments for all others"},
    {Rule::image_passed_over, "image-passed-over", warning,
     "where the latest image is damaged, the latest of those that are whole is booted"},
    {Rule::no_rootfs, "no-rootfs", error, "without a module of type rootfs the kernel has no root"},
    {Rule::module_untyped, "module-untyped", error,
     "of two modules without types the second is taken for the hash of the first"},
    {Rule::module_type, "module-type", error,
     "the kernel knows the types rootfs, file, hash, environment and console-font"},
    {Rule::module_no_hash, "module-no-hash", warning,
     "without its hash a damaged boot archive is only noticed when something breaks"},
    {Rule::module_count, "module-count", error, "modules beyond iPXE's limit are dropped without a word"},
    {Rule::boot_file_unread, "boot-file-unread", error,
     "a boot module that cannot be read cannot be served: the kernel would start without it"},
    {Rule::boot_file_folder, "boot-file-folder", error,
     "below /system/boot a name is a file's or a folder's"},
    {Rule::boot_file_json, "boot-file-json", error,
     "SmartOS ignores an answers.json, and brings no network up by a networking.json, that is no JSON "
     "object"},
    {Rule::boot_file_shell, "boot-file-shell", error,
     "SmartOS evaluates what stands in networking.json and answers.json in a shell"},
    {Rule::answers_smartos, "answers-smartos", warning,
     "answers.json is read only where smartos=true is set"},
    {Rule::answers_wait, "answers-wait", warning,
     "an installer that lacks an answer waits in silence, for Enter or for a person"},
    {Rule::own_address, "own-address", warning,
     "boot modules and credentials are given to an address alone that is known as the machine's own"},
    {Rule::san_target, "san-target", error,
     "a disk is known by its target's name and the address of its portal"},
    {Rule::san_credentials, "san-credentials", error,
     "a target that wants CHAP shows no disk to whoever does not know the secret"},
    {Rule::san_secret, "san-secret", warning, "CHAP's secrets of less than 96 bits are guessed"},
    {Rule::script_head, "script-head", error, "iPXE knows a script by its first line, #!ipxe"},
    {Rule::script_bytes, "script-bytes", error,
     "carriage returns, byte order marks and control characters break lines"},
    {Rule::script_command, "script-command", error, "a command the client lacks ends the script"},
    {Rule::script_label, "script-label", error, "a jump to a label that is not there fails"},
    {Rule::script_label_twice, "script-label-twice", error,
     "of two equal labels only the first is ever found"},
    {Rule::script_no_failure_path, "script-no-failure-path", warning,
     "a command that fails without || ends the script with no reason on the console"},
    {Rule::script_imgfree, "script-imgfree", warning,
     "without imgfree a second try carries the modules of the first"},
    {Rule::script_quoting, "script-quoting", error,
     "iPXE splits at blanks, whatever quotes say, and ends commands at ||, &&, ; and #"},
    {Rule::script_https, "script-https", error, "iPXE as distributions build it for BIOS has no HTTPS"},
    {Rule::script_initrd_name, "script-initrd-name", warning,
     "on UEFI a Linux kernel finds only those initrds that its arguments name, as initrd=NAME"},
    {Rule::budget, "budget", error,
     "iPXE hands all URLs and arguments over in one small buffer and cuts what does not fit"},
    {Rule::pxelinux_line_length, "pxelinux-line-length", error, "PXELINUX reads 2,047 characters of a line"},
    {Rule::pxelinux_separator, "pxelinux-separator", error, "mboot.c32 starts a new module at every ---"},
    {Rule::pxelinux_path, "pxelinux-path", warning,
     "PXELINUX puts its prefix before every path, one with a leading / included"},
    {Rule::grub_quotes, "grub-quotes", error,
     "GRUB 2 puts a backslash before every quote of a kernel's arguments, and starts no ISO and no disk "
     "image"},
    {Rule::loader_conf, "loader-conf", error,
     "the illumos loader takes some names for its own, and drops backslashes and what $ stands before"},
    {Rule::loader_kind, "loader-kind", error, "each loader starts some kinds of image, and iPXE all of them"},
}};

}  // namespace

std::span<const RuleInfo> rules() {
  return rule_table;
}

const RuleInfo& info(Rule rule) {
  return *std::find_if(rule_table.begin(), rule_table.end(), [&](auto& row) { return row.rule == rule; });
}

std::string Finding::to_string() const {
  std::string out = line > 0 ? fmt::format("line {}: ", line) : std::string();
  out += fmt::format("{}: {}: {}", severity() == Severity::error ? "error" : "warning", id(), sentence);
  if (!remedy.empty()) out += "; " + remedy;
  return out;
}

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity() == Severity::error; });
}

}  // namespace slipway::boot
