// SPDX-License-Identifier: MPL-2.0
#include "timeline/diagnose.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/printable.h"
#include "base/quantity.h"
#include "timeline/evidence.h"

namespace slipway::timeline {
namespace {

using model::Arch;

/// From here on a first packet comes late: ROMs begin at 0, some at 4, and go on in steps of 4 and 8 s.
constexpr std::uint16_t late = 9;
constexpr std::uint16_t plain_block = 512;  // RFC 1350: fits everywhere

struct Named {
  std::string_view name;
  Cause cause;
};
constexpr Named drops[] = {
    {"unknown_policy_ignore", Cause::unknown_machine},
    {"foreign_server", Cause::foreign_server},
    {"looking_for_servers", Cause::foreign_server},
    {"pool_exhausted", Cause::pool_exhausted},
    {"no_pool", Cause::pool_exhausted},
    {"no_boot_file", Cause::no_boot_file},
    {"not_for_us", Cause::offered_other_server},
};
/// As boot/decide.h names why it refuses.
constexpr Named refusals[] = {
    {"arguments", Cause::refused_by_lint},
    {"no-image", Cause::refused_no_image},
    {"image-missing", Cause::refused_no_image},
    {"image-broken", Cause::refused_no_image},
    {"profile-missing", Cause::refused_no_image},
    {"architecture", Cause::refused_machine},
    {"uefi", Cause::refused_machine},
    {"no-multiboot", Cause::refused_machine},
    {"firmware", Cause::refused_machine},
};
/// How transfers end (http::Outcome, tftp::Ending), in words.
constexpr Named archive_ends[] = {
    {"failed", Cause::archive_unreadable},
    {"timed out", Cause::archive_stalled},
    {"the client fell silent", Cause::archive_stalled},
    {"client gone", Cause::archive_given_up},
};

Cause named(std::span<const Named> rows, std::string_view text, Cause otherwise) {
  std::string_view word = text.substr(0, text.find_first_of(":("));
  while (word.ends_with(' ')) word.remove_suffix(1);
  auto row = std::find_if(rows.begin(), rows.end(), [&](const Named& each) { return each.name == word; });
  return row == rows.end() ? otherwise : row->cause;
}

bool is_uefi(Arch arch) {
  return arch != Arch::bios && arch != Arch::raspberry_pi && arch != Arch::uboot_arm32 &&
         arch != Arch::uboot_arm64 && arch != Arch::http_bios;
}

/// Told by the file's name: EFI programs end in .efi, and those of other processors name them.
bool runs_on(std::string_view file, Arch arch) {
  std::string_view name = file.substr(file.rfind('/') + 1);
  bool efi = name.ends_with(".efi");
  bool of_bios = name.ends_with("pxe") || name.ends_with(".0") || name.ends_with(".lkrn");
  if (efi != is_uefi(arch) && (efi || of_bios)) return false;
  bool arm = arch == Arch::uefi_arm64 || arch == Arch::http_arm64;
  return !efi || arm == (name.find("arm64") != name.npos) || name.find("ipxe") == name.npos;
}

Cause of_offer(const Facts& facts) {
  const Attempt& attempt = facts.attempt;
  if (!attempt.chosen_server().is_any() || !facts.around.foreign_servers.empty())
    return Cause::offered_other_server;
  if (attempt.waited() >= late) return Cause::offered_late;
  return attempt.relay().is_any() ? Cause::offered_not_requested : Cause::offered_by_relay;
}

/// Some know the names of their files by themselves.
bool was_given_no_file(const Attempt& attempt) {
  bool knows = attempt.bootp() || attempt.arch() == Arch::raspberry_pi ||
               attempt.arch() == Arch::uboot_arm32 || attempt.arch() == Arch::uboot_arm64;
  return attempt.boot_file().empty() && !knows && attempt.arch();
}

Cause of_cut_loader(const StageFacts& loader) {
  if (loader.unheard) return Cause::loader_unheard;
  bool nothing_arrived = loader.shown.bytes == 0 && loader.block > plain_block;
  return nothing_arrived ? Cause::loader_block_lost : Cause::loader_cut;
}

Cause of_silent_loader(const Attempt& attempt, Cause otherwise) {
  const std::string& file = attempt.facts(StageName::loader).file;
  bool wrong = attempt.arch() && !runs_on(file, *attempt.arch());
  return wrong ? Cause::loader_wrong_architecture : otherwise;
}

Cause of_silent_kernel(const Attempt& attempt) {
  bool illumos = attempt.facts(StageName::kernel).file.ends_with("/unix");
  bool uefi = attempt.arch() && is_uefi(*attempt.arch());
  return illumos && uefi ? Cause::kernel_no_multiboot : Cause::kernel_silent;
}

/// As server/boot_files.cc words it.
bool is_withheld(std::string_view reason) {
  return reason.find("not known as its address") != reason.npos;
}

std::string servers_of(const Facts& facts) {
  std::vector<std::string> names;
  if (Ipv4 chosen = facts.attempt.chosen_server(); !chosen.is_any()) names.push_back(chosen.to_string());
  for (Ipv4 server : facts.around.foreign_servers) {
    if (server != facts.attempt.chosen_server()) names.push_back(server.to_string());
  }
  return names.empty() ? "" : fmt::format(" ({})", fmt::join(names, ", "));
}

/// Sentences end with their own full stop.
std::string without_stop(std::string text) {
  text.erase(text.find_last_not_of(" .") + 1);
  return text;
}

}  // namespace

Cause cause_of_refusal(std::string_view why) {
  return named(refusals, why, Cause::script_refused);
}

Instant last_of(const Attempt& attempt, StageName name) {
  bool loads_others = name == StageName::script || name == StageName::kernel;
  return loads_others ? attempt.last() : attempt.facts(name).last;
}

std::string_view program_of(model::Stage loader) {
  return model::to_string(loader == model::Stage::unknown ? model::Stage::ipxe : loader);
}

std::string Facts::fill(std::string_view sentence, const CauseInfo* cause) const {
  const StageFacts& facts = attempt.facts(stage);
  const Stage& shown = facts.shown;
  std::string file = facts.file.empty() ? attempt.boot_file() : facts.file;
  std::string trouble;
  if (!attempt.trouble().empty())
    trouble = fmt::format(" Not delivered: {}.", without_stop(printable(attempt.trouble())));
  std::string_view program = program_of(attempt.loader());
  return fmt::format(
      fmt::runtime(sentence), fmt::arg("file", file.empty() ? "its boot file" : printable(file)),
      fmt::arg("address", attempt.address().is_any() ? "an address" : attempt.address().to_string()),
      fmt::arg("reason", without_stop(reason)), fmt::arg("count", facts.finished),
      fmt::arg("bytes", human_bytes(shown.bytes)),
      fmt::arg("total", shown.total == 0 ? "unknown size" : human_bytes(shown.total)),
      fmt::arg("rate", human_bytes(shown.rate)),
      fmt::arg("since", human_duration(now - last_of(attempt, stage))),
      fmt::arg("arch", attempt.arch() ? model::to_string(*attempt.arch()) : "unknown architecture"),
      fmt::arg("program", program),
      fmt::arg("ports", program == "iPXE" ? "TCP port 80 (HTTP)" : "UDP port 69 (TFTP)"),
      fmt::arg("question", line_of(attempt.bootp() ? Kind::bootp_request : Kind::dhcp_discover)),
      fmt::arg("trouble", trouble), fmt::arg("relay", attempt.relay().to_string()),
      fmt::arg("servers", servers_of(*this)), fmt::arg("waited", attempt.waited()),
      fmt::arg("block", facts.block), fmt::arg("module", without_stop(printable(attempt.missing_module()))),
      fmt::arg("sign", model::to_string(attempt.up_rule())), fmt::arg("seen", printable(attempt.up_sign())),
      fmt::arg("within", human_duration(attempt.up_rule().within)),
      fmt::arg("returns", around.returns + (around.next_began ? 1 : 0)),
      fmt::arg("cause", cause ? fill(cause->likely) : std::string()),
      fmt::arg("remedy", cause ? fill(cause->remedy) : std::string()));
}

std::optional<Cause> cause_of(VerdictCode code, const Facts& facts) {
  const Attempt& attempt = facts.attempt;
  switch (code) {
    case VerdictCode::in_progress:
    case VerdictCode::handed_over:
    case VerdictCode::running:
      return std::nullopt;
    case VerdictCode::sent_to_disk:
      return attempt.left_to_disk() ? std::optional(Cause::unknown_machine) : std::nullopt;
    case VerdictCode::no_offer:
    case VerdictCode::no_answer:
      return named(drops, attempt.drop(), Cause::packet_ignored);
    case VerdictCode::offer_not_taken:
      return of_offer(facts);
    case VerdictCode::nak:
      return Cause::address_refused;
    case VerdictCode::address_conflict:
      return Cause::address_in_use;
    case VerdictCode::loader_not_asked:
      return was_given_no_file(attempt) ? Cause::no_boot_file : Cause::loader_not_requested;
    case VerdictCode::loader_refused:
      return Cause::loader_refused;
    case VerdictCode::loader_cut:
      return of_cut_loader(attempt.facts(StageName::loader));
    case VerdictCode::loader_silent:
      return of_silent_loader(attempt, Cause::loader_silent);
    case VerdictCode::loader_loop:
      return of_silent_loader(attempt, Cause::loader_loop);
    case VerdictCode::script_not_asked:
      return Cause::script_not_requested;
    case VerdictCode::script_refused:
      return is_withheld(facts.reason) ? Cause::withheld : cause_of_refusal(attempt.refusal());
    case VerdictCode::script_silent:
      return Cause::script_silent;
    case VerdictCode::kernel_refused:
      return Cause::kernel_refused;
    case VerdictCode::kernel_cut:
      return Cause::kernel_cut;
    case VerdictCode::kernel_silent:
      return of_silent_kernel(attempt);
    case VerdictCode::module_refused:
      return is_withheld(attempt.missing_module()) ? Cause::withheld : Cause::module_missing;
    case VerdictCode::archive_refused:
      return facts.reason.find(" is damaged") == facts.reason.npos ? Cause::archive_refused
                                                                   : Cause::archive_unreadable;
    case VerdictCode::archive_cut:
      return named(archive_ends, facts.reason, Cause::archive_cut);
    case VerdictCode::not_started:
      return Cause::kernel_not_started;
    case VerdictCode::never_up:
      return Cause::started_never_up;
    case VerdictCode::came_back:
      return Cause::came_back;
    case VerdictCode::boot_loop:
      return Cause::panic_loop;
  }
  return std::nullopt;
}

Diagnosis diagnose(Cause cause, const Facts& facts) {
  const CauseInfo& row = info(cause);
  Diagnosis diagnosis{std::string(row.id), facts.fill(row.likely), {}, facts.fill(row.remedy)};
  for (Clue clue : row.clues) {
    for (Evidence& evidence : evidence_of(clue, facts)) diagnosis.evidence.push_back(std::move(evidence));
  }
  return diagnosis;
}

}  // namespace slipway::timeline
