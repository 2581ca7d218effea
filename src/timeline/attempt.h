// SPDX-License-Identifier: MPL-2.0
// The facts of one boot attempt, folded from its events one by one; `explain` (verdict.h) reads them.
// Used by Timeline alone. Bounded: a fixed number of stages, each with a bounded list of ranges.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "timeline/boot.h"
#include "timeline/event.h"

namespace slipway::timeline {

/// Which bytes of a file were delivered: disjoint ranges, merged as they touch.
class Coverage {
 public:
  void add(std::uint64_t offset, std::uint64_t length);
  void clear() { ranges_.clear(); }
  std::uint64_t bytes() const;

 private:
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_;  ///< [begin, end), ascending
};

struct StageFacts {
  Stage shown;
  Instant last{};
  Coverage coverage;
  std::uint32_t finished = 0;  ///< whole transfers
};

class Attempt {
 public:
  Attempt(std::uint64_t id, const Event& first);

  /// True when this DISCOVER starts the next attempt instead of going on with this one.
  bool ends_before(const Event& discover) const;
  void add(const Event& event);

  std::uint64_t id() const { return id_; }
  Instant started() const { return started_; }
  Instant last() const { return last_; }
  Ipv4 address() const { return address_; }
  std::optional<model::Arch> arch() const { return arch_; }
  const StageFacts& facts(StageName name) const { return stages_[static_cast<std::size_t>(name)]; }
  bool reached(StageName name) const;  ///< running, done or failed
  bool done(StageName name) const { return facts(name).shown.state == StageState::done; }

  const std::string& drop() const { return drop_; }        ///< newest reason for a dropped packet
  const std::string& refusal() const { return refusal_; }  ///< cause shown by the refusal script
  bool nak() const { return nak_; }
  bool declined() const { return declined_; }
  bool os_seen() const { return os_seen_; }
  bool firmware_is_ipxe() const { return firmware_is_ipxe_; }

 private:
  StageFacts& at(StageName name) { return stages_[static_cast<std::size_t>(name)]; }
  void add_dhcp(const Event& event);
  void add_transfer(const Event& event);
  void add_script(const Event& event);
  void touch(StageName name, const Event& event, StageState state);

  std::uint64_t id_;
  Instant started_;
  Instant last_;
  Ipv4 address_;
  std::optional<model::Arch> arch_;
  std::array<StageFacts, stage_count> stages_;
  std::string drop_, refusal_;
  bool nak_ = false, declined_ = false, os_seen_ = false, firmware_is_ipxe_ = false;
};

}  // namespace slipway::timeline
