// SPDX-License-Identifier: MPL-2.0
// One boot attempt of one machine as the operator sees it: its stages and a verdict. A plain value,
// worked out anew for each `now`; it holds nothing of the Timeline it came from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "model/client.h"
#include "model/up_rule.h"

namespace slipway::timeline {

/// In the order in which a machine walks through them.
enum class StageName : std::uint8_t {
  discover,
  offer,
  request,
  ack,
  loader,  ///< the file the ROM was told to fetch; skipped by firmware that is iPXE
  ipxe,    ///< the second DHCP exchange, by iPXE or another loader: `Boot::loader`
  script,
  kernel,
  archive,
};
inline constexpr std::size_t stage_count = 9;
std::string_view to_string(StageName name);

enum class StageState : std::uint8_t {
  waiting,  ///< not reached
  running,  ///< a transfer has begun and not ended
  done,
  failed,
  skipped,
};
std::string_view to_string(StageState state);

struct Stage {
  StageName name = StageName::discover;
  StageState state = StageState::waiting;
  Instant at{};             ///< when it began; meaningless while waiting or skipped
  Duration took{};          ///< of a transfer, or from the stage's first packet to its last
  std::uint64_t bytes = 0;  ///< distinct bytes delivered; ranges and repetitions are not counted twice
  std::uint64_t total = 0;  ///< 0: not known, or nothing is transferred in this stage
  std::uint64_t rate = 0;   ///< bytes per second, once it can be told
  std::uint32_t count = 0;  ///< times the machine asked for this stage: 3 is two repetitions
  std::string detail;       ///< file name, address, reason
};

enum class VerdictCode : std::uint8_t {
  in_progress,   ///< within its deadlines; the sentence says what comes next
  handed_over,   ///< kernel and archive were delivered in full: the rest is the machine's
  running,       ///< after that its operating system asked for an address
  sent_to_disk,  ///< told to boot from its own disk, as configured
  no_offer,      ///< DISCOVERs dropped for a named reason
  offer_not_taken,
  no_answer,  ///< REQUEST dropped for a named reason
  nak,
  address_conflict,  ///< DHCPDECLINE
  loader_not_asked,
  loader_refused,
  loader_cut,
  loader_silent,  ///< fetched, but no DHCP from it
  loader_loop,    ///< fetched again and again
  script_not_asked,
  script_refused,  ///< no script, or the script that shows a cause
  script_silent,   ///< fetched, and nothing after
  kernel_refused,
  kernel_cut,
  kernel_silent,  ///< kernel fetched, archive never asked for
  archive_refused,
  archive_cut,
  module_refused,  ///< a file beside kernel and archive
  not_started,     ///< delivered, and it asked for its script again
  never_up,        ///< delivered, and what shows that it is up did not come in time
  came_back,       ///< delivered, and soon back to boot again
  boot_loop,       ///< that, several times in a row
};
std::string_view to_string(VerdictCode code);  ///< snake_case, stable: programs compare it
inline constexpr std::size_t verdict_count = static_cast<std::size_t>(VerdictCode::boot_loop) + 1;
/// True of every code that says the boot stopped.
bool is_failure(VerdictCode code);

/// What a diagnosis rests on: packets, transfers, and when.
struct Evidence {
  std::string text;         ///< "DHCPOFFER of 10.0.0.7"
  std::uint32_t count = 0;  ///< 0: it says that something is not there, or nothing that is counted
  std::optional<Instant> first, last;
};

/// One likely cause, as diagnosis.h lists them.
struct Diagnosis {
  std::string id;  ///< "offered-not-requested": stable, programs compare it
  std::string cause;
  std::vector<Evidence> evidence;
  std::string remedy;
};

struct Verdict {
  VerdictCode code = VerdictCode::in_progress;
  std::string sentence;  ///< where it stands or why it stopped, and what to do
};

struct Boot {
  std::uint64_t id = 0;  ///< never that of another boot
  MacAddress machine;
  Instant started{};
  Instant last{};  ///< of its newest event
  Ipv4 address;    ///< any(): none yet
  std::optional<model::Arch> arch;
  model::Stage loader = model::Stage::unknown;  ///< the program of StageName::ipxe; unknown: not reached
  std::vector<Stage> stages;                    ///< all of them, in order
  Verdict verdict;
  std::optional<Instant> delivered;  ///< kernel and archive whole, when the last of it was
  std::optional<Instant> up_since;   ///< it was seen to be up
  model::UpRule up;                  ///< what shows that
  std::vector<Diagnosis> diagnoses;  ///< that of the verdict first; none: all is well

  const Stage& stage(StageName name) const { return stages.at(static_cast<std::size_t>(name)); }
};

}  // namespace slipway::timeline
