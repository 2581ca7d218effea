// SPDX-License-Identifier: MPL-2.0
// The server of a simulation: the real parser, intake, responder and book; a committer that does what the
// real one does, in simulated time; a store that survives it. It may be slower than the wire. It dies where
// it is told to, or in the middle of a commit, before or after the disk has it, and starts again from what
// the store holds.
#pragma once

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

struct Troubles {
  unsigned dies_in_commit = 0;  ///< one commit in so many kills the server; 0: none
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
  bool is_idle() const {
    return !is_up() || (life_->waiting.empty() && life_->intake.empty() && life_->probes.under_way() == 0);
  }
  std::uint64_t crashes() const { return crashes_; }

  void receive(const Bytes& packet, const dhcp::Arrival& arrival);
  /// The wire answers: somebody has the address.
  void hears(const dhcp::Probe& asked, const MacAddress& station);
  /// The book of the living says what the store says.
  void check_book() const;

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
    bool serving = false, committing = false;
  };

  void die();
  void serve();
  void serve_in_time();
  void handle(dhcp::Packet packet);
  Tick tick() const { return Tick{scheduler_.now().time_since_epoch()}; }
  void carry_out(dhcp::Handled handled, dhcp::Packet packet, Tick heard);
  void say(const dhcp::Answer& answer);
  void offer(dhcp::Pending pending);
  void look_at_probes();
  void take(dhcp::Claim claim);
  void commit();
  void carry_out(std::vector<dhcp::Claim> batch, const std::vector<lease::Outcome>& outcomes);

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
  std::uint64_t lives_ = 0, crashes_ = 0;
};

}  // namespace slipway::sim
