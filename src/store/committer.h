// SPDX-License-Identifier: MPL-2.0
// The one thread with the one database connection. The control thread posts changes under a ticket of its
// own choosing; what arrives while one transaction is synced is the next one, without any delay to
// make groups; outcomes come back through a descriptor the control loop watches. When nothing has arrived for
// a second, the store tidies up.
// A ticket is never lost: a transaction that fails answers each of its changes with Outcome::failed.
// Bounded: `post` refuses when `capacity` tickets are out. `post`, `drain` and `stop`: one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "base/mailbox.h"
#include "base/metrics.h"
#include "lease/change.h"
#include "lease/store.h"

namespace slipway::store {

using Ticket = std::uint64_t;

class Committer {
 public:
  struct Done {
    Ticket ticket = 0;
    lease::Change change;
    lease::Outcome outcome;
  };

  Committer(lease::Store& store, Metrics& metrics, std::size_t capacity = 16384);
  ~Committer();

  /// From here on the store is the thread's alone until `stop` has returned. The thread has the privileges
  /// its starter has now, and nobody can take them away later.
  void start();

  /// Takes a change in; the thread gets it with the next `hand_over`. False when too many tickets are out
  /// already, or no thread runs: then `change` is untouched, settle it as failed and drop the packet.
  [[nodiscard]] bool post(Ticket ticket, lease::Change&& change);
  /// Gives the thread what was posted since the last time, at once: a turn of the loop wakes it once.
  void hand_over();

  /// Readable while outcomes wait for `drain`.
  int fd() const { return done_.fd(); }
  /// Outcomes so far; of one address in the order posted.
  std::vector<Done> drain();
  std::size_t outstanding() const { return outstanding_; }

  /// Commits everything posted, then ends the thread. The outcomes wait for a last `drain`.
  void stop();

 private:
  struct Job {
    Ticket ticket = 0;
    std::optional<lease::Change> change;  // none: the end
  };

  void run();
  bool work(std::vector<Job> jobs);  // false: that was the end
  void commit(std::span<const Ticket> tickets, std::vector<lease::Change> changes);

  lease::Store& store_;
  Counter& commits_;
  Counter& failures_;
  Counter& changes_;
  Counter& refusals_;
  Counter& largest_batch_;
  std::size_t capacity_;
  std::size_t outstanding_ = 0;
  std::vector<Job> posted_;  // not handed over
  Mailbox<Job> jobs_;
  Mailbox<Done> done_;
  std::thread thread_;
};

}  // namespace slipway::store
