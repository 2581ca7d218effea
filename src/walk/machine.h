// SPDX-License-Identifier: MPL-2.0
// One simulated machine from power-on to the last file of its boot: which program it is now, what it asks
// for next, and how far it came. What it hears, what it fetched and ticks go in; messages and files it wants
// come out. It touches no network and always ends: booted, or failed at a stage for a reason. One thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "walk/dialogue.h"
#include "walk/fetch.h"
#include "walk/script.h"

namespace slipway::walk {

/// In the order a machine comes to them.
enum class Stage { offer, ack, loader, ipxe_ack, script, kernel, archive };
inline constexpr std::size_t stage_count = 7;
std::string_view to_string(Stage stage);

/// What happened at one stage.
struct StageRecord {
  std::optional<Tick> begun, reached;
  std::uint64_t again = 0;  ///< messages, packets and requests said once more
  std::uint64_t lost = 0;   ///< files that did not arrive
  std::uint64_t bytes = 0;  ///< of content
};

struct Record {
  Tick power_on;
  std::array<StageRecord, stage_count> stages;
  std::optional<Tick> over;
  Stage stage = Stage::offer;  ///< where it is, or failed
  std::string failed;          ///< why; empty: it has booted, or is under way

  StageRecord& at(Stage which) { return stages[static_cast<std::size_t>(which)]; }
  const StageRecord& at(Stage which) const { return stages[static_cast<std::size_t>(which)]; }
  bool booted() const { return over && failed.empty(); }
};

/// What it wants of the world.
using Order = std::variant<wire::DhcpMessage, Fetch>;

class Machine {
 public:
  /// `route` must outlive it. `turn` sets its transaction ids apart from those of another run. `eager`:
  /// without the waits in which firmware only listens.
  Machine(const Route& route, const Identity& who, std::uint32_t turn, bool eager);

  void power_on(Tick now);
  void receive(const wire::DhcpMessage& message, Tick now);
  void fetched(const FetchEnd& end, Tick now);
  void tick(Tick now);
  /// The world ends it.
  void fail(std::string why, Tick now);

  std::vector<Order> take_orders();
  /// When `tick` is next due; none: a file is awaited, or it is over.
  std::optional<Tick> deadline() const;
  bool over() const { return record_.over.has_value(); }
  const Record& record() const { return record_; }
  const Identity& who() const { return who_; }
  /// Leased last; empty before.
  const std::optional<Agreed>& agreed() const { return agreed_; }

 private:
  void become(const Program& program, Stage stage, Tick now);
  void after_dialogue(Tick now);
  void enter(Stage stage, Tick now);
  void reach(Stage stage, Tick now);
  void load(Tick now);
  void fetch(const Url& url, Stage stage, Tick now);
  void run(bool went_well, Tick now);
  void start_script(const std::string& text, Tick now);
  void boots(Tick now);

  const Route& route_;
  Identity who_;
  std::uint32_t turn_;  ///< one more with each program
  bool eager_;
  const Program* program_ = nullptr;
  std::optional<Dialogue> dialogue_;
  std::uint64_t again_counted_ = 0;  ///< of what the dialogue said once more
  std::optional<Agreed> agreed_;
  std::optional<Settings> settings_;
  std::optional<Script> script_;
  std::optional<Tick> paused_until_;
  Url current_;     ///< the file that is under way, or came last
  Url script_url_;  ///< what names in the script are relative to
  std::string loader_file_;
  unsigned scripts_ = 0, files_ = 0;
  std::vector<Order> out_;
  Record record_;
};

}  // namespace slipway::walk
