// SPDX-License-Identifier: MPL-2.0
#include "timeline/verdict.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/printable.h"
#include "base/quantity.h"
#include "timeline/remedy.h"

namespace slipway::timeline {
namespace {

using namespace std::chrono_literals;

// What {file}, {address}, {reason}, {count}, {bytes}, {total}, {rate}, {since}, {arch} mean: `fill`.
struct CodeWords {
  VerdictCode code;
  std::string_view name;
  bool failure;
  std::string_view phrase;  ///< of `standing`
  std::string_view sentence;
};

constexpr CodeWords codes[] = {
    {VerdictCode::in_progress, "in_progress", false, "", ""},  // both by stage
    {VerdictCode::handed_over, "handed_over", false, "delivered",
     "Kernel and boot archive were delivered in full {since} ago (archive: {bytes} at {rate}/s); the rest "
     "is the machine's. If it does not come up, look at its console."},
    {VerdictCode::running, "running", false, "booted",
     "It runs: since it was booted its operating system has asked for an address."},
    {VerdictCode::sent_to_disk, "sent_to_disk", false, "sent to its disk",
     "It was told to boot from its own disk, as configured ({reason})."},
    {VerdictCode::no_offer, "no_offer", true, "not offered an address",
     "Its {question} was not answered: {reason}."},
    {VerdictCode::offer_not_taken, "offer_not_taken", true, "offer not taken",
     "It was offered {address} and never asked for it. Either another DHCP server was "
     "faster, or our offers do not reach it: check VLAN, relay and "
     "firewall, spanning tree on its switch port, and in a SmartOS zone allow_dhcp_spoofing on our NIC."},
    {VerdictCode::no_answer, "no_answer", true, "request not answered",
     "Its DHCPREQUEST was not answered: {reason}."},
    {VerdictCode::nak, "nak", true, "address refused",
     "It asked for {address} and was refused (DHCPNAK): {reason}. It should begin anew; if it hangs, "
     "restart it."},
    {VerdictCode::address_conflict, "address_conflict", true, "address in use elsewhere",
     "It gave {address} back (DHCPDECLINE) because something else uses that address. Find it with "
     "`arping {address}`, or take the address out of the range."},
    {VerdictCode::loader_not_asked, "loader_not_asked", true, "loader not asked for",
     "It has its address {address} and never asked for {file}. Check that nothing blocks UDP port 69 "
     "(TFTP) between it and this server, and that its firmware supports network boot for this file."},
    {VerdictCode::loader_refused, "loader_refused", true, "loader refused",
     "It asked for its loader {file} in vain: {reason}."},
    {VerdictCode::loader_cut, "loader_cut", true, "loader cut",
     "Its loader {file} broke off after {bytes} of {total}: {reason}. Look for packet loss and for a "
     "smaller MTU on the way."},
    {VerdictCode::loader_silent, "loader_silent", true, "silent after its loader",
     "It fetched {file} and was not heard of again. The loader does not run on this firmware ({arch}) or "
     "does not see the network card: look at its console, turn Secure Boot off, try another "
     "loader.{trouble}"},
    {VerdictCode::loader_loop, "loader_loop", true, "loader in a loop",
     "It fetched {file} {count} times and got no further: what it loads does not say that it is iPXE "
     "(user class), or crashes at once. Put another build of {file} in place, or look at its console."},
    {VerdictCode::script_not_asked, "script_not_asked", true, "script not asked for",
     "{program} has the address {address} and never asked for its boot script. Look at its console; check "
     "that nothing blocks {ports} between it and this server."},
    {VerdictCode::script_refused, "script_refused", true, "boot refused", "It was given no boot: {reason}."},
    {VerdictCode::script_silent, "script_silent", true, "silent after its script",
     "It fetched its boot script and then nothing for {since}. A menu waits for a key, or the entry failed: "
     "look at its console.{trouble}"},
    {VerdictCode::kernel_refused, "kernel_refused", true, "kernel refused",
     "It asked for the kernel {file} in vain: {reason}. `slipway image list` shows what is here."},
    {VerdictCode::kernel_cut, "kernel_cut", true, "kernel cut",
     "The kernel {file} broke off after {bytes} of {total}: {reason}. If the machine was not restarted by "
     "hand, look for packet loss on the way."},
    {VerdictCode::kernel_silent, "kernel_silent", true, "silent after its kernel",
     "It fetched the kernel and never asked for the boot archive. Its iPXE could not start the kernel (a "
     "stock iPXE on UEFI knows no multiboot: \"Exec format error\"): look at its console.{trouble}"},
    {VerdictCode::archive_refused, "archive_refused", true, "archive refused",
     "It asked for the boot archive {file} in vain: {reason}. `slipway image list` shows what is here."},
    {VerdictCode::archive_cut, "archive_cut", true, "archive cut",
     "The boot archive broke off after {bytes} of {total}: {reason}. If the machine was not restarted by "
     "hand: it needs about twice the archive's size in memory below 4 GiB, and a line without loss."},
};

constexpr bool in_order_of_code() {
  for (std::size_t i = 0; i < std::size(codes); ++i) {
    if (static_cast<std::size_t>(codes[i].code) != i) return false;
  }
  return std::size(codes) == verdict_count;
}
static_assert(in_order_of_code());

/// While all is well: what was last seen at a stage, what comes next, and how long that may take.
struct StageWords {
  StageName stage;
  std::string_view phrase;  ///< of `standing`
  std::string_view after;   ///< the stage is done
  Duration patience;
  VerdictCode then;  ///< what it is when patience ends
};

// Patience is firmware's: ROMs and iPXE repeat themselves within seconds, a switch port with spanning
// tree takes up to 50 s after the link went down and up, a menu waits half a minute by default.
constexpr StageWords progress[] = {
    {StageName::discover, "asked", "It asked for an address {since} ago and is about to be answered.", 5s,
     VerdictCode::no_offer},
    {StageName::offer, "offered", "It was offered {address} {since} ago and should now ask for it.", 10s,
     VerdictCode::offer_not_taken},
    {StageName::request, "requested", "It asked for {address} {since} ago; the lease is being written.", 5s,
     VerdictCode::no_answer},
    {StageName::ack, "has its address", "It was given {address} {since} ago and should now fetch {file}.",
     20s, VerdictCode::loader_not_asked},
    {StageName::loader, "has its loader",
     "It fetched {file} {since} ago, which should now start and ask for an address.", 60s,
     VerdictCode::loader_silent},
    {StageName::ipxe, "in iPXE", "{program} was given {address} {since} ago and should now fetch its script.",
     30s, VerdictCode::script_not_asked},
    {StageName::script, "has its script",
     "It fetched its boot script {since} ago: it shows its menu or is about to load.", 120s,
     VerdictCode::script_silent},
    {StageName::kernel, "has its kernel",
     "It fetched the kernel {since} ago; the boot archive should follow.", 30s, VerdictCode::kernel_silent},
};
constexpr bool in_order_of_stage() {
  for (std::size_t i = 0; i < std::size(progress); ++i) {
    if (static_cast<std::size_t>(progress[i].stage) != i) return false;
  }
  return std::size(progress) == stage_count - 1;  // behind the archive nothing is waited for
}
static_assert(in_order_of_stage());

constexpr StageWords by_proxy = {
    StageName::offer, "offered",
    "It was told to boot {file} {since} ago, another server gives its address; it should now fetch the file.",
    20s, VerdictCode::loader_not_asked};
constexpr StageWords ipxe_asks = {StageName::ipxe, "in iPXE",
                                  "{program} runs on it and asked for an address {since} ago.", 20s,
                                  VerdictCode::offer_not_taken};
constexpr std::string_view loading = "It has been loading {file} for {since}.";
/// A transfer whose end nobody reported, for example because Slipway was restarted.
constexpr Duration transfer_patience = 10min;

struct StageFailures {
  StageName stage;
  VerdictCode refused, cut;
};
constexpr StageFailures failures[] = {
    {StageName::archive, VerdictCode::archive_refused, VerdictCode::archive_cut},
    {StageName::kernel, VerdictCode::kernel_refused, VerdictCode::kernel_cut},
    {StageName::script, VerdictCode::script_refused, VerdictCode::script_refused},
    {StageName::loader, VerdictCode::loader_refused, VerdictCode::loader_cut},
};

std::string_view sentence_of(VerdictCode code) {
  return codes[static_cast<std::size_t>(code)].sentence;
}

/// Sentences end with their own full stop.
std::string without_stop(std::string text) {
  text.erase(text.find_last_not_of(" .") + 1);
  return text;
}

/// When something last happened that belongs to the stage: scripts and kernels load all sorts of files.
Instant last_of(const Attempt& attempt, StageName name) {
  bool loads_others = name == StageName::script || name == StageName::kernel;
  return loads_others ? attempt.last() : attempt.facts(name).last;
}

/// Of what is no iPXE only its own DHCP tells.
std::string_view program_of(model::Stage loader) {
  return model::to_string(loader == model::Stage::unknown ? model::Stage::ipxe : loader);
}

/// A template with the facts of a stage put in.
std::string fill(std::string_view sentence, const Attempt& attempt, StageName name, Instant now,
                 const std::string& reason) {
  const StageFacts& facts = attempt.facts(name);
  const Stage& shown = facts.shown;
  std::string file = facts.file.empty() ? attempt.boot_file() : facts.file;
  std::string trouble;
  if (!attempt.trouble().empty()) {
    trouble = fmt::format(" Not delivered: {}.", without_stop(printable(attempt.trouble())));
  }
  return fmt::format(
      fmt::runtime(sentence), fmt::arg("file", file.empty() ? "its boot file" : printable(file)),
      fmt::arg("address", attempt.address().is_any() ? "an address" : attempt.address().to_string()),
      fmt::arg("reason", without_stop(reason)), fmt::arg("count", facts.finished),
      fmt::arg("bytes", human_bytes(shown.bytes)),
      fmt::arg("total", shown.total == 0 ? "unknown size" : human_bytes(shown.total)),
      fmt::arg("rate", human_bytes(shown.rate)),
      fmt::arg("since", human_duration(now - last_of(attempt, name))),
      fmt::arg("arch", attempt.arch() ? model::to_string(*attempt.arch()) : "unknown architecture"),
      fmt::arg("program", program_of(attempt.loader())),
      fmt::arg("ports", program_of(attempt.loader()) == "iPXE" ? "TCP port 80 (HTTP)" : "UDP port 69 (TFTP)"),
      fmt::arg("question", line_of(attempt.bootp() ? Kind::bootp_request : Kind::dhcp_discover)),
      fmt::arg("trouble", trouble));
}

class Judge {
 public:
  Judge(const Attempt& attempt, Instant now, bool ended) : attempt_(attempt), now_(now), ended_(ended) {}

  /// From the last stage to the first: how far it came decides.
  Verdict verdict() const {
    if (attempt_.os_seen()) return say(VerdictCode::running, StageName::archive);
    for (const StageFailures& row : failures) {
      if (auto stopped = transfer(row)) return *stopped;
      bool kernel_stopped = attempt_.reached(StageName::kernel) && !attempt_.done(StageName::kernel);
      if (row.stage == StageName::archive && attempt_.done(row.stage) && !kernel_stopped) {
        return say(VerdictCode::handed_over, row.stage);
      }
      if (row.stage == StageName::kernel && attempt_.done(row.stage)) return after(row.stage);
      if (row.stage == StageName::script && attempt_.done(row.stage)) return after_script();
      // iPXE's DHCP lies between script and loader.
      if (row.stage == StageName::script && attempt_.reached(StageName::ipxe)) return dhcp(StageName::ipxe);
      if (row.stage == StageName::loader && attempt_.done(row.stage)) return after_loader();
    }
    return dhcp(newest_dhcp());
  }

 private:
  Verdict say(VerdictCode code, StageName stage, const std::string& reason = {}) const {
    return {code, fill(sentence_of(code), attempt_, stage, now_, reason)};
  }

  /// A stage that is being loaded or that failed.
  std::optional<Verdict> transfer(const StageFailures& row) const {
    const StageFacts& facts = attempt_.facts(row.stage);
    if (facts.shown.state == StageState::running) {
      if (overdue(row.stage, transfer_patience)) {
        return say(row.cut, row.stage, ended_ ? "the machine started anew" : "its end was not seen");
      }
      return Verdict{VerdictCode::in_progress, fill(loading, attempt_, row.stage, now_, {})};
    }
    if (facts.shown.state != StageState::failed) return std::nullopt;
    std::string reason = facts.reason.empty() ? "no reason was given" : facts.reason;
    if (row.stage == StageName::script) {
      reason = attempt_.refusal().empty() ? facts.file + ": " + reason : attempt_.refusal();
    }
    return say(facts.refused ? row.refused : row.cut, row.stage, printable(reason));
  }

  /// A stage is done and the next one is not there yet.
  Verdict after(StageName stage, const StageWords& row) const {
    if (overdue(stage, row.patience)) return say(row.then, stage, remedy_of(attempt_.drop()));
    return {VerdictCode::in_progress, fill(row.after, attempt_, stage, now_, {})};
  }
  Verdict after(StageName stage) const { return after(stage, words_of(stage)); }

  Verdict after_script() const {
    constexpr StageName stage = StageName::script;
    if (!attempt_.sent_to_disk()) return after(stage);
    const std::string& why = attempt_.facts(stage).shown.detail;
    return say(VerdictCode::sent_to_disk, stage, why.empty() ? "no profile" : printable(why));
  }

  Verdict after_loader() const {
    constexpr StageName stage = StageName::loader;
    return attempt_.facts(stage).finished > 1 ? say(VerdictCode::loader_loop, stage) : after(stage);
  }

  /// No transfer decides: the DHCP exchange does, by what was said last.
  Verdict dhcp(StageName stage) const {
    if (attempt_.declined()) return say(VerdictCode::address_conflict, stage);
    if (attempt_.nakked()) return say(VerdictCode::nak, stage, printable(attempt_.nak()));
    if (!attempt_.drop().empty()) {
      return say(attempt_.requested() ? VerdictCode::no_answer : VerdictCode::no_offer, stage,
                 remedy_of(attempt_.drop()));
    }
    if (stage == StageName::ipxe && !attempt_.done(stage)) return after(stage, ipxe_asks);
    // Beside another server our offer is all that we answer.
    bool answered = stage == StageName::ack || (attempt_.by_proxy() && stage != StageName::discover);
    if (answered && attempt_.firmware_is_ipxe()) return after(stage, words_of(StageName::ipxe));
    if (answered && attempt_.by_proxy() && stage != StageName::ipxe) return after(stage, by_proxy);
    return after(stage);
  }

  /// Answers carry the time of their question: of two at once the later stage counts.
  StageName newest_dhcp() const {
    StageName newest = StageName::discover;
    for (StageName name : {StageName::offer, StageName::request, StageName::ack}) {
      bool newer = attempt_.facts(name).last >= attempt_.facts(newest).last;
      if (attempt_.reached(name) && newer) newest = name;
    }
    return newest;
  }

  static const StageWords& words_of(StageName stage) { return progress[static_cast<std::size_t>(stage)]; }
  bool overdue(StageName stage, Duration patience) const {
    return ended_ || now_ - last_of(attempt_, stage) > patience;
  }

  const Attempt& attempt_;
  Instant now_;
  bool ended_;
};

}  // namespace

std::string_view to_string(VerdictCode code) {
  auto index = static_cast<std::size_t>(code);
  return index < std::size(codes) ? codes[index].name : "unknown";
}

std::string standing(const Boot& boot) {
  if (boot.verdict.code != VerdictCode::in_progress)
    return std::string(codes[static_cast<std::size_t>(boot.verdict.code)].phrase);
  auto newest = std::find_if(boot.stages.rbegin(), boot.stages.rend(), [](const Stage& stage) {
    return stage.state == StageState::running || stage.state == StageState::done;
  });
  if (newest == boot.stages.rend()) return "waiting";
  bool other = newest->name == StageName::ipxe && program_of(boot.loader) != "iPXE";
  std::string_view name = other ? program_of(boot.loader) : to_string(newest->name);
  if (newest->state == StageState::running) return fmt::format("loading: {}", name);
  if (newest->name == StageName::ipxe) return fmt::format("waiting: in {}", program_of(boot.loader));
  auto index = static_cast<std::size_t>(newest->name);
  return index < std::size(progress) ? fmt::format("waiting: {}", progress[index].phrase) : "waiting";
}

bool is_failure(VerdictCode code) {
  return codes[static_cast<std::size_t>(code)].failure;
}

Verdict judge(const Attempt& attempt, Instant now, bool ended) {
  return Judge(attempt, now, ended).verdict();
}

}  // namespace slipway::timeline
