// SPDX-License-Identifier: MPL-2.0
#include "boot/ipxe_script.h"

#include <algorithm>

#include <fmt/format.h>

#include "boot/ipxe_entry.h"
#include "boot/ipxe_text.h"

namespace slipway::boot {
namespace {

/// A step that fails sets cause and hint and goes to `:retry`. iPXE keeps the number of the last error, and
/// every number has a page of its own.
constexpr std::string_view causes = R"(
:failed_kernel
set slipway-id kernel-refused or kernel-cut
set slipway-hint see http://ipxe.org/${errno:hexraw}
set slipway-cause the kernel did not arrive
goto retry
:failed_archive
set slipway-id archive-refused, archive-given-up or archive-cut
set slipway-hint see http://ipxe.org/${errno:hexraw}
set slipway-cause the boot archive did not arrive
goto retry
:failed_hash
set slipway-id module-missing or withheld
set slipway-hint see http://ipxe.org/${errno:hexraw}
set slipway-cause the hash of a module did not arrive
goto retry
:failed_file
set slipway-id module-missing or withheld
set slipway-hint see http://ipxe.org/${errno:hexraw}
set slipway-cause a boot module did not arrive
goto retry
:failed_boot
set slipway-id kernel-not-started
set slipway-hint a damaged kernel, or too little memory; see http://ipxe.org/${errno:hexraw}
set slipway-cause the kernel could not be started
goto retry
)";

constexpr std::string_view not_bios_cause = R"(
:not_bios
set slipway-id kernel-no-multiboot
set slipway-hint on the server: slipway loader add FILE (an iPXE with multiboot2), or switch the firmware to BIOS boot
set slipway-cause this machine starts by UEFI, where this iPXE cannot start SmartOS
goto retry
)";

constexpr std::string_view local_disk = R"(
:slipway-local
echo Slipway: starting from the local disk
iseq ${platform} efi && exit ||
sanboot --no-describe --drive 0x80 || goto failed_local
:failed_local
clear slipway-id ||
set slipway-hint see http://ipxe.org/${errno:hexraw}
set slipway-cause the local disk did not start
goto retry
)";

/// The pause grows from try to try. iPXE's settings outlive the script, so the next one goes on counting,
/// and --replace keeps a night of retries from nesting scripts in iPXE's small stack.
constexpr std::string_view retry = R"(
:retry
echo
echo Slipway: {who} did not boot: ${{slipway-cause}}
echo Slipway: ${{slipway-hint}}
isset ${{slipway-id}} && echo Slipway: diagnosis: ${{slipway-id}} ||
{story}iseq ${{slipway-pause}} 30 && set slipway-pause 60 ||
iseq ${{slipway-pause}} 10 && set slipway-pause 30 ||
iseq ${{slipway-pause}} 5 && set slipway-pause 10 ||
iseq ${{slipway-pause}} 2 && set slipway-pause 5 ||
isset ${{slipway-pause}} || set slipway-pause 2
prompt --key s --timeout ${{slipway-pause}}000 Slipway: trying again in ${{slipway-pause}} s; press s for a shell && shell ||
imgfree ||
chain --replace --autofree {again} || goto unreachable
:unreachable
set slipway-id script-not-requested
set slipway-hint see http://ipxe.org/${{errno:hexraw}}
set slipway-cause the boot script could not be fetched again
goto retry
)";

class Writer {
 public:
  explicit Writer(const ScriptContext& context) : context_(context), who_(ipxe_text(context.machine)) {
    if (who_.empty()) who_ = context.mac.to_string();
    line("#!ipxe");
    line("# Made by Slipway for " + made_for(context));
    line("");
  }

  void line(std::string_view text) { out_.append(text).append("\n"); }
  void block(std::string_view text) { out_.append(text); }
  const std::string& text() const { return out_; }
  const std::string& who() const { return who_; }
  const ScriptContext& context() const { return context_; }

  std::string finish() {
    std::string story;
    for (const std::string& line : where_to_look(context_))
      story += fmt::format("echo Slipway: {}\n", ipxe_text(line));
    std::string again = context_.again.empty() ? script_path(context_.mac) : context_.again;
    block(fmt::format(fmt::runtime(retry), fmt::arg("who", who_), fmt::arg("story", story),
                      fmt::arg("again", file_url(context_.base, again))));
    return std::move(out_);
  }

 private:
  const ScriptContext& context_;
  std::string who_;
  std::string out_;
};

bool asks_for_bios(const Entry& entry, const Limits& limits) {
  return needs_multiboot(entry.start) && !limits.known_multiboot;
}

void write_entry(Writer& out, const Entry& entry, const Limits& limits, bool ask) {
  const ScriptContext& context = out.context();
  out.line(fmt::format("\n:{}", entry.label));
  out.line(fmt::format("set slipway-entry {}", entry.label));
  if (std::string fault = fault_of(entry, context, limits); !fault.empty()) {
    out.line("set slipway-id refused-by-lint");
    out.line("set slipway-hint slipway check, on the server, shows what to correct");
    out.line("set slipway-cause " + ipxe_text(fault));
    out.line("goto retry");
    return;
  }
  if (ask) out.line("iseq ${platform} pcbios || goto not_bios");
  out.line(fmt::format("echo Slipway: {} boots {}", out.who(), ipxe_text(entry.title)));
  out.line("imgfree ||");
  for (const std::string& line : start_lines(entry, context, limits)) out.line(line);
}

void write_menu(Writer& out, const Boot& boot) {
  out.line(fmt::format("isset ${{slipway-entry}} || set slipway-entry {}", boot.entries.front().label));
  out.line("\n:menu");
  out.line(fmt::format("menu Slipway {}: {}", out.context().base.address.to_string(), out.who()));
  out.line("item --gap Operating systems");
  for (const Entry& entry : boot.entries)
    out.line(fmt::format("item {} {} ({})", entry.label, ipxe_text(entry.title), ipxe_text(entry.profile)));
  out.line("item --gap Utilities");
  out.line("item --key s slipway-shell iPXE shell");
  out.line("item --key r slipway-reboot Reboot");
  out.line("item --key l slipway-local Boot from the local disk");
  // Serial lines turn arrow keys into a lone Escape at times: it only starts the menu over.
  out.line(fmt::format("choose --default ${{slipway-entry}} --timeout {} slipway-choice || goto menu",
                       boot.timeout.count() * 1000));
  out.line("goto ${slipway-choice} || goto menu");
}

constexpr std::string_view utilities = R"(
:slipway-shell
echo Type exit to come back to the menu
shell ||
goto menu

:slipway-reboot
reboot || goto menu
)";

struct Render {
  Writer& out;

  void operator()(const Boot& boot) const {
    auto asks = [&](const Entry& entry) { return asks_for_bios(entry, boot.limits); };
    auto last = boot.menu ? boot.entries.end() : boot.entries.begin() + 1;
    bool some = std::any_of(boot.entries.begin(), last, asks);
    bool all = std::all_of(boot.entries.begin(), last, asks);
    if (all) out.line("iseq ${platform} pcbios || goto not_bios");
    if (boot.menu) write_menu(out, boot);
    for (auto entry = boot.entries.begin(); entry != last; ++entry)
      write_entry(out, *entry, boot.limits, asks(*entry) && !all);
    out.block(causes);
    out.block(causes_of(out.text()));
    if (some) out.block(not_bios_cause);
    if (boot.menu) {
      out.block(utilities);
      out.block(local_disk);
    }
  }

  void operator()(const LocalDisk&) const { out.block(local_disk.substr(1)); }

  void operator()(const Silent&) const {
    out.line("echo Slipway: machines it does not know are left alone here");
    out.block(local_disk);
  }

  void operator()(const Refusal& refusal) const {
    std::string_view id = out.context().request_id;
    std::string reference =
        fmt::format("({}{}{})", to_string(refusal.why), id.empty() ? "" : ", request ", id);
    std::string_view diagnosis = out.context().diagnosis;
    out.line(diagnosis.empty() ? "clear slipway-id ||" : fmt::format("set slipway-id {}", diagnosis));
    out.line("set slipway-hint " + ipxe_text(refusal.remedy));
    out.line("set slipway-cause " + ipxe_text(refusal.sentence + " " + reference));
  }
};

}  // namespace

std::string made_for(const ScriptContext& context) {
  std::string who = ipxe_text(context.machine);
  if (context.mac.is_zero()) return who;
  return fmt::format("{} ({})", who.empty() ? context.mac.to_string() : who, context.mac.to_string());
}

std::vector<std::string> where_to_look(const ScriptContext& context) {
  std::vector<std::string> lines;
  std::string who = ipxe_text(context.machine);
  if (context.explains)
    lines.push_back(fmt::format("the whole story is on server {}: slipway explain {}",
                                context.base.address.to_string(),
                                who.empty() ? context.mac.to_string() : who));
  if (!context.page.empty()) lines.push_back("or at " + context.page);
  return lines;
}

std::string ipxe_script(const Decision& decision, const ScriptContext& asked) {
  ScriptContext context = asked;
  if (auto* boot = std::get_if<Boot>(&decision)) context.base.by_tftp |= !boot->limits.http;
  Writer out(context);
  std::visit(Render{out}, decision);
  return out.finish();
}

std::string ipxe_start_script(const Base& base, std::string_view otherwise) {
  std::string next = otherwise.empty() ? "" : fmt::format("chain --replace --autofree {} || ", otherwise);
  return fmt::format(
      "#!ipxe\n"
      "# Made by Slipway for every machine: each has a script of its own.\n\n"
      ":start\n"
      "chain --replace --autofree {}${{netX/mac:hexhyp}}.ipxe || {}goto failed\n\n"
      ":failed\n"
      "echo Slipway: the boot script did not arrive, see http://ipxe.org/${{errno:hexraw}}\n"
      "prompt --key s --timeout 10000 Slipway: trying again in 10 s; press s for a shell && shell ||\n"
      "goto start\n",
      file_url(base, "/boot/"), next);
}

}  // namespace slipway::boot
