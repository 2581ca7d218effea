// SPDX-License-Identifier: MPL-2.0
// Why a node does not boot: the one table of causes, each with an id that stays, the clues it rests on and
// what to do. verdict.cc makes sentences of it, the API hands it out, docs/diagnoses.md is it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "timeline/boot.h"

namespace slipway::timeline {

enum class Cause : std::uint8_t {
  // DHCP
  unknown_machine,
  foreign_server,
  pool_exhausted,
  no_boot_file,
  packet_ignored,
  offered_other_server,
  offered_by_relay,
  offered_late,
  offered_not_requested,
  address_refused,
  address_in_use,
  // The loader
  loader_not_requested,
  loader_refused,
  loader_unheard,
  loader_block_lost,
  loader_cut,
  loader_wrong_architecture,
  loader_loop,
  loader_silent,
  // The script
  script_not_requested,
  refused_by_lint,
  refused_no_image,
  refused_machine,
  script_refused,
  script_silent,
  // Kernel, archive and what lies beside them
  kernel_refused,
  kernel_cut,
  module_missing,
  withheld,
  kernel_no_multiboot,
  kernel_silent,
  archive_refused,
  archive_unreadable,
  archive_stalled,
  archive_given_up,
  archive_cut,
  // Afterwards
  kernel_not_started,
  started_never_up,
  came_back,
  panic_loop,
  // Beside another cause, or none
  identity_changed,
};
inline constexpr std::size_t cause_count = static_cast<std::size_t>(Cause::identity_changed) + 1;

/// A kind of evidence; each cause names those it rests on.
enum class Clue : std::uint8_t {
  asked,
  offered,
  requested,
  given,
  waited,
  relay,
  servers,
  ignored,
  refused_address,
  addresses,
  architecture,
  loader,
  blocks,
  unheard,
  second_dhcp,
  script,
  refusal,
  module,
  kernel,
  archive,
  up,
  returns,
  silence,
};
inline constexpr std::size_t clue_count = static_cast<std::size_t>(Clue::silence) + 1;
std::string_view to_string(Clue clue);  ///< for the manual: "DHCPOFFERs: of what, how many, when"

struct CauseInfo {
  Cause cause;
  std::string_view id;      ///< "offered-not-requested": stable, programs compare it
  std::string_view shows;   ///< how it looks, a sentence for the manual
  std::string_view likely;  ///< cause; {facts} as in verdict.cc
  std::vector<Clue> clues;
  std::string_view remedy;
};
const CauseInfo& info(Cause cause);
std::span<const CauseInfo> all_causes();

/// How long each stage is waited for once the one before it is done.
struct Deadline {
  StageName after;
  Duration patience;
  VerdictCode then;
};
std::span<const Deadline> deadlines();  ///< in the order of stages, all but the archive
const Deadline& deadline_after(StageName stage);
/// For iPXE's own exchange, from its first packet to the end.
inline constexpr Duration ipxe_patience = std::chrono::seconds(20);
/// Longer than a loader pauses between two tries: what was delivered so long ago has been started.
inline constexpr Duration retry_patience = std::chrono::minutes(2);
/// Who was up for longer and boots again was restarted by somebody.
inline constexpr Duration proof_of_life = std::chrono::minutes(2);
/// A transfer whose end nobody reported, for example because Slipway was restarted.
inline constexpr Duration transfer_patience = std::chrono::minutes(10);

}  // namespace slipway::timeline
