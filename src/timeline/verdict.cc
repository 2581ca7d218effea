// SPDX-License-Identifier: MPL-2.0
#include "timeline/verdict.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/printable.h"
#include "timeline/remedy.h"

namespace slipway::timeline {
namespace {

using namespace std::chrono_literals;

// What {file}, {address}, {reason} and the like mean: `Facts::fill`. Cause and remedy: diagnosis.cc.
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
    {VerdictCode::running, "running", false, "booted", "It runs: {seen}."},
    {VerdictCode::sent_to_disk, "sent_to_disk", false, "sent to its disk",
     "It was told to boot from its own disk, as configured ({reason})."},
    {VerdictCode::no_offer, "no_offer", true, "not offered an address",
     "Its {question} was not answered: {reason}."},
    {VerdictCode::offer_not_taken, "offer_not_taken", true, "offer not taken",
     "It was offered {address} and never asked for it. Likely {cause}. {remedy}."},
    {VerdictCode::no_answer, "no_answer", true, "request not answered",
     "Its DHCPREQUEST was not answered: {reason}."},
    {VerdictCode::nak, "nak", true, "address refused",
     "It asked for {address} and was refused (DHCPNAK): {cause}. {remedy}."},
    {VerdictCode::address_conflict, "address_conflict", true, "address in use elsewhere",
     "It gave {address} back (DHCPDECLINE) because {cause}. {remedy}."},
    {VerdictCode::loader_not_asked, "loader_not_asked", true, "loader not asked for",
     "It has its address {address} and never asked for {file}. Likely {cause}. {remedy}."},
    {VerdictCode::loader_refused, "loader_refused", true, "loader refused",
     "It asked for its loader {file} in vain: {reason}. {remedy}."},
    {VerdictCode::loader_cut, "loader_cut", true, "loader cut",
     "Its loader {file} broke off after {bytes} of {total}: {reason}. Likely {cause}. {remedy}."},
    {VerdictCode::loader_silent, "loader_silent", true, "silent after its loader",
     "It fetched {file} and was not heard of again. Likely {cause}. {remedy}.{trouble}"},
    {VerdictCode::loader_loop, "loader_loop", true, "loader in a loop",
     "It fetched {file} {count} times and got no further: {cause}. {remedy}."},
    {VerdictCode::script_not_asked, "script_not_asked", true, "script not asked for",
     "{program} has the address {address} and never asked for its boot script. Likely {cause}. {remedy}."},
    {VerdictCode::script_refused, "script_refused", true, "boot refused", "It was given no boot: {reason}."},
    {VerdictCode::script_silent, "script_silent", true, "silent after its script",
     "It fetched its boot script and then nothing for {since}. Likely {cause}. {remedy}.{trouble}"},
    {VerdictCode::kernel_refused, "kernel_refused", true, "kernel refused",
     "It asked for the kernel {file} in vain: {reason}. {remedy}."},
    {VerdictCode::kernel_cut, "kernel_cut", true, "kernel cut",
     "The kernel {file} broke off after {bytes} of {total}: {reason}. Likely {cause}. {remedy}."},
    {VerdictCode::kernel_silent, "kernel_silent", true, "silent after its kernel",
     "It fetched the kernel and never asked for the boot archive. Likely {cause}. {remedy}.{trouble}"},
    {VerdictCode::archive_refused, "archive_refused", true, "archive refused",
     "It asked for the boot archive {file} in vain: {reason}. {remedy}."},
    {VerdictCode::archive_cut, "archive_cut", true, "archive cut",
     "The boot archive broke off after {bytes} of {total}: {reason}. Likely {cause}. {remedy}."},
    {VerdictCode::module_refused, "module_refused", true, "module refused",
     "It asked for a file beside its kernel in vain: {cause}. {remedy}."},
    {VerdictCode::not_started, "not_started", true, "kernel not started",
     "Kernel and boot archive were delivered in full, and then it asked for its boot script again. Likely "
     "{cause}. {remedy}."},
    {VerdictCode::never_up, "never_up", true, "never up",
     "Kernel and boot archive were delivered in full {since} ago, and within {within} it was not seen up "
     "({sign}). Likely {cause}. {remedy}."},
    {VerdictCode::came_back, "came_back", true, "came back",
     "Kernel and boot archive were delivered in full, and soon after it asked to boot again without having "
     "been seen up ({sign}). Likely {cause}. {remedy}."},
    {VerdictCode::boot_loop, "boot_loop", true, "in a boot loop",
     "It was given everything and came back to boot {returns} times in a row, each time within minutes. "
     "Likely {cause}. {remedy}."},
};

constexpr bool in_order_of_code() {
  for (std::size_t i = 0; i < std::size(codes); ++i) {
    if (static_cast<std::size_t>(codes[i].code) != i) return false;
  }
  return std::size(codes) == verdict_count;
}
static_assert(in_order_of_code());

/// While all is well: what was last seen at a stage, and what comes next.
struct StageWords {
  StageName stage;
  std::string_view phrase;  ///< of `standing`
  std::string_view after;   ///< the stage is done
};

constexpr StageWords progress[] = {
    {StageName::discover, "asked", "It asked for an address {since} ago and is about to be answered."},
    {StageName::offer, "offered", "It was offered {address} {since} ago and should now ask for it."},
    {StageName::request, "requested", "It asked for {address} {since} ago; the lease is being written."},
    {StageName::ack, "has its address", "It was given {address} {since} ago and should now fetch {file}."},
    {StageName::loader, "has its loader",
     "It fetched {file} {since} ago, which should now start and ask for an address."},
    {StageName::ipxe, "in iPXE",
     "{program} was given {address} {since} ago and should now fetch its script."},
    {StageName::script, "has its script",
     "It fetched its boot script {since} ago: it shows its menu or is about to load."},
    {StageName::kernel, "has its kernel",
     "It fetched the kernel {since} ago; the boot archive should follow."},
};
constexpr bool in_order_of_stage() {
  for (std::size_t i = 0; i < std::size(progress); ++i) {
    if (static_cast<std::size_t>(progress[i].stage) != i) return false;
  }
  return std::size(progress) == stage_count - 1;  // behind the archive nothing is fetched
}
static_assert(in_order_of_stage());

constexpr std::string_view by_proxy =
    "It was told to boot {file} {since} ago, another server gives its address; it should now fetch the file.";
constexpr std::string_view ipxe_asks = "{program} runs on it and asked for an address {since} ago.";
constexpr std::string_view loading = "It has been loading {file} for {since}.";
/// So often in a row is no accident any more.
constexpr unsigned returns_of_a_loop = 2;

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

class Judge {
 public:
  Judge(const Attempt& attempt, Instant now, const Surroundings& around)
      : attempt_(attempt), now_(now), around_(around), ended_(around.next_began.has_value()) {}

  Judgement judgement() {
    Verdict verdict = loops() ? say(VerdictCode::boot_loop, StageName::archive) : this->verdict();
    add_remarks();
    return {std::move(verdict), std::move(diagnoses_)};
  }

 private:
  /// From the last stage to the first: how far it came decides.
  Verdict verdict() {
    for (const StageFailures& row : failures) {
      if (attempt_.up_since()) return say(VerdictCode::running, StageName::archive);
      if (auto stopped = transfer(row)) return *stopped;
      if (row.stage == StageName::archive && attempt_.delivered()) return afterwards();
      if (row.stage == StageName::kernel && attempt_.done(row.stage)) return after(row.stage);
      if (row.stage == StageName::script && attempt_.done(row.stage)) return after_script();
      // iPXE's DHCP lies between script and loader.
      if (row.stage == StageName::script && attempt_.reached(StageName::ipxe)) return dhcp(StageName::ipxe);
      if (row.stage == StageName::loader && attempt_.done(row.stage)) return after_loader();
    }
    return dhcp(newest_dhcp());
  }

  Facts facts(StageName stage, std::string reason = {}) const {
    return {attempt_, stage, now_, std::move(reason), around_};
  }

  Verdict say(VerdictCode code, StageName stage, std::string reason = {}) {
    Facts known = facts(stage, std::move(reason));
    auto cause = cause_of(code, known);
    if (cause) diagnoses_.push_back(diagnose(*cause, known));
    return {code,
            known.fill(codes[static_cast<std::size_t>(code)].sentence, cause ? &info(*cause) : nullptr)};
  }

  /// What is true whatever the verdict.
  void add_remarks() {
    Ipv4 first = attempt_.firmware_address(), second = attempt_.loader_address();
    if (!first.is_any() && !second.is_any() && first != second)
      diagnoses_.push_back(diagnose(Cause::identity_changed, facts(StageName::ipxe)));
  }

  /// A stage that is being loaded or that failed.
  std::optional<Verdict> transfer(const StageFailures& row) {
    const StageFacts& stage = attempt_.facts(row.stage);
    if (stage.shown.state == StageState::running) {
      if (overdue(row.stage, transfer_patience))
        return say(row.cut, row.stage, ended_ ? "the machine started anew" : "its end was not seen");
      return Verdict{VerdictCode::in_progress, facts(row.stage).fill(loading)};
    }
    if (stage.shown.state != StageState::failed) return std::nullopt;
    std::string reason = stage.reason.empty() ? "no reason was given" : stage.reason;
    if (row.stage == StageName::script)
      reason = attempt_.refusal().empty() ? stage.file + ": " + reason : attempt_.refusal();
    return say(stage.refused ? row.refused : row.cut, row.stage, printable(reason));
  }

  /// Everything was delivered: what its profile waits for decides.
  Verdict afterwards() {
    constexpr StageName stage = StageName::archive;
    using Sign = model::UpRule::Sign;
    const model::UpRule& rule = attempt_.up_rule();
    if (!attempt_.missing_module().empty()) return say(VerdictCode::module_refused, stage);
    if (attempt_.unstarted() > 0 && !ended_ && now_ - attempt_.delivered_at() <= retry_patience)
      return say(VerdictCode::not_started, stage);
    Duration passed = around_.next_began.value_or(now_) - attempt_.delivered_at();
    if (passed <= rule.within) return say(ended_ ? VerdictCode::came_back : VerdictCode::handed_over, stage);
    if (!rule.said) return say(VerdictCode::handed_over, stage);
    return say(rule.sign == Sign::stay ? VerdictCode::running : VerdictCode::never_up, stage);
  }

  /// It goes round and round. Whoever stays up for long enough is out of it; who failed has another reason.
  bool loops() {
    if (ended_ || around_.returns < returns_of_a_loop) return false;
    VerdictCode code = verdict().code;
    diagnoses_.clear();
    auto up = attempt_.up_since();
    bool stays = code == VerdictCode::running && (!up || now_ - *up > proof_of_life);
    return code != VerdictCode::sent_to_disk && !is_failure(code) && !stays;
  }

  /// A stage is done and the next one is not there yet.
  Verdict after(StageName stage, std::string_view waiting, const Deadline& deadline) {
    if (overdue(stage, deadline.patience)) return say(deadline.then, stage, remedy_of(attempt_.drop()));
    return {VerdictCode::in_progress, facts(stage).fill(waiting)};
  }
  Verdict after(StageName stage) { return after(stage, waiting_after(stage), deadline_after(stage)); }

  Verdict after_script() {
    constexpr StageName stage = StageName::script;
    if (!attempt_.sent_to_disk()) return after(stage);
    const std::string& why = attempt_.facts(stage).shown.detail;
    return say(VerdictCode::sent_to_disk, stage, why.empty() ? "no profile" : printable(why));
  }

  Verdict after_loader() {
    constexpr StageName stage = StageName::loader;
    return attempt_.facts(stage).finished > 1 ? say(VerdictCode::loader_loop, stage) : after(stage);
  }

  /// No transfer decides: the DHCP exchange does, by what was said last.
  Verdict dhcp(StageName stage) {
    if (attempt_.declined()) return say(VerdictCode::address_conflict, stage);
    if (attempt_.nakked()) return say(VerdictCode::nak, stage, printable(attempt_.nak()));
    if (!attempt_.drop().empty())
      return say(attempt_.requested() ? VerdictCode::no_answer : VerdictCode::no_offer, stage,
                 remedy_of(attempt_.drop()));
    if (stage == StageName::ipxe && !attempt_.done(stage))
      return after(stage, ipxe_asks, {stage, ipxe_patience, VerdictCode::offer_not_taken});
    // Beside another server our offer is all that we answer.
    bool answered = stage == StageName::ack || (attempt_.by_proxy() && stage != StageName::discover);
    if (answered && attempt_.left_to_disk())
      return say(VerdictCode::sent_to_disk, stage, "[boot] unknown = \"local\"");
    if (answered && attempt_.firmware_is_ipxe())
      return after(stage, waiting_after(StageName::ipxe), deadline_after(StageName::ipxe));
    if (answered && attempt_.by_proxy() && stage != StageName::ipxe)
      return after(stage, by_proxy, deadline_after(StageName::ack));
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

  static std::string_view waiting_after(StageName stage) {
    return progress[static_cast<std::size_t>(stage)].after;
  }
  bool overdue(StageName stage, Duration patience) const {
    return ended_ || now_ - last_of(attempt_, stage) > patience;
  }

  const Attempt& attempt_;
  Instant now_;
  const Surroundings& around_;
  bool ended_;
  std::vector<Diagnosis> diagnoses_;
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

Judgement judge(const Attempt& attempt, Instant now, const Surroundings& around) {
  return Judge(attempt, now, around).judgement();
}

}  // namespace slipway::timeline
