// SPDX-License-Identifier: MPL-2.0
// The server of a simulation: the real parser, intake, responder, probes and book; a committer that does
// what the real one does, in simulated time; a store that survives it. It may be slower than the wire, its
// clock may jump and its plan change. It dies at any step of its work, at each with the same likelihood, and
// starts again from what the store holds.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.h"
#include "dhcp/intake.h"
#include "dhcp/probes.h"
#include "dhcp/responder.h"
#include "sim/laws.h"
#include "sim/scheduler.h"
#include "store/faulty_store.h"

namespace slipway::sim {

/// Where it can die.
enum class Step : std::uint8_t {
  loading,   ///< the leases are in memory, nothing was heard yet
  received,  ///< a packet is in, nothing was done with it
  handled,   ///< decided, not carried out
  posted,    ///< a claim waits for the disk
  writing,   ///< the disk has nothing of it
  written,   ///< the disk has it, and nobody heard of it
  settled,   ///< the book has it, the ACK is not said
  said,      ///< an answer left
  reloaded,  ///< another plan is in force
};
inline constexpr std::size_t step_count = static_cast<std::size_t>(Step::reloaded) + 1;

struct Troubles {
  unsigned dies_in_commit = 0;  ///< one commit in so many kills the server; 0: none
  unsigned dies_at_step = 0;    ///< one step in so many does; 0: none
  unsigned fails_to_write = 0;  ///< one commit in so many is refused by the disk; 0: none
  std::size_t queue = 10'000;   ///< claims that may wait
  Duration answer_takes{};      ///< the time of one packet; zero: faster than anything comes in
  dhcp::Intake::Limits intake;  ///< packets that may wait
};

class SimServer {
 public:
  using Speak = std::function<void(const dhcp::Answer&)>;
  using Ask = std::function<void(const dhcp::Probe&)>;
  SimServer(Scheduler& scheduler, Random& random, Laws& laws, Troubles troubles,
            std::shared_ptr<const model::Plan> plan, Ipv4 address,
            std::shared_ptr<store::MemoryStore::Rows> rows, Speak speak, Ask ask);

  void start();
  /// Everything in memory is gone; it starts again after a second or two.
  void crash();
  bool is_up() const { return life_ != nullptr; }
  bool is_idle() const;
  std::size_t offers() const { return is_up() ? life_->book.offers() : 0; }
  std::uint64_t crashes() const { return crashes_; }
  std::uint64_t deaths_at(Step step) const { return deaths_[static_cast<std::size_t>(step)]; }

  void receive(const Bytes& packet, const dhcp::Arrival& arrival);
  /// The wire answers: somebody has the address.
  void hears(const dhcp::Probe& asked, const MacAddress& station);
  void publish(std::shared_ptr<const model::Plan> plan);
  /// Its clock jumps; what it measures spans with does not.
  void jump(Duration by);
  /// From now on it lives.
  void calm_down() { troubles_.dies_in_commit = troubles_.dies_at_step = 0; }

  /// When nothing is under way: the book of the living says what the store says.
  void check_book() const;
  /// At any time: nothing of it is larger than its bound.
  void check_bounds(std::size_t addresses) const;

 private:
  /// What dies with the process.
  struct Life {
    Life(SimServer& server, std::uint64_t dies_at, bool died_after_write);
    store::FaultyStore store;
    lease::Book book;
    dhcp::Responder responder;
    dhcp::Intake intake;
    dhcp::Probes probes;
    std::vector<dhcp::Claim> waiting;
    std::size_t in_hand = 0;    // packets between the intake and their door
    std::size_t committed = 0;  // claims that the disk has been told of
    bool serving = false, committing = false;
  };

  Instant now() const { return scheduler_.now() + ahead_; }
  Tick tick() const { return Tick{scheduler_.now().time_since_epoch()}; }
  /// True when it died: the caller returns, for nothing is left of what it works on.
  bool dies_at(Step step);
  void die();

  void serve_in_time();
  void serve();
  void handle(dhcp::Packet packet, Tick heard);
  void through_door(const dhcp::Verdict& verdict);
  void say(const dhcp::Answer& answer);
  void offer(dhcp::Pending pending);
  void look_at_probes();
  void take(dhcp::Claim claim);
  void commit();
  void settle(std::vector<dhcp::Claim> batch, const std::vector<lease::Outcome>& outcomes);

  Scheduler& scheduler_;
  Random& random_;
  Laws& laws_;
  Troubles troubles_;
  std::shared_ptr<const model::Plan> plan_;
  Ipv4 address_;
  std::shared_ptr<store::MemoryStore::Rows> rows_;
  store::MemoryStore disk_;
  Speak speak_;
  Ask ask_;
  std::unique_ptr<Life> life_;
  Duration ahead_{};
  std::uint64_t lives_ = 0, crashes_ = 0;
  std::array<std::uint64_t, step_count> deaths_{};
};

}  // namespace slipway::sim
