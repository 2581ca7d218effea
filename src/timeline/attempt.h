// SPDX-License-Identifier: MPL-2.0
// The facts of one boot attempt, folded from its events one by one; `judge` (verdict.h) reads them.
// Used by Timeline alone. Bounded: a fixed number of stages, each with a bounded list of ranges.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "timeline/boot.h"
#include "timeline/coverage.h"
#include "timeline/event.h"

namespace slipway::timeline {

/// What is known of one stage beyond what is shown of it.
struct StageFacts {
  Stage shown;
  Instant last{};      ///< of its newest event
  std::string file;    ///< the first that was asked for in this stage
  std::string reason;  ///< why it failed
  Coverage coverage;
  std::uint32_t finished = 0;  ///< whole transfers of `file`
  bool refused = false;        ///< failed because we would not serve it
  std::uint16_t block = 0;     ///< bytes of a TFTP block
  bool unheard = false;        ///< failed, and the client said nothing after its request
  bool given_up = false;       ///< failed, and asked for once more it fails the same way until it is whole
};

/// Packets that were not answered, for one reason.
struct IgnoredPackets {
  std::string name, reason;  ///< "DHCPREQUEST", "not_for_us: ..."
  std::uint32_t count = 0;
  Instant first{}, last{};
};

/// The stage that a file belongs to; nothing: none.
std::optional<StageName> stage_of(Role role);

class Attempt {
 public:
  Attempt(std::uint64_t id, const Event& first);

  /// Whether an event can be the first of an attempt: a loader's or firmware's DHCP or BOOTP, or, where
  /// the beginning was missed, a transfer that belongs to a boot.
  static bool can_begin_with(const Event& event);
  /// True when this event, a DISCOVER or BOOTP request, starts the next attempt instead of going on
  /// with this one.
  bool ends_before(const Event& event) const;
  /// Whether an event of the machine is part of this attempt; the daily DHCP of its operating system is
  /// not, but for the first that shows it runs.
  bool takes(const Event& event) const;
  void add(const Event& event);

  std::uint64_t id() const { return id_; }
  Instant started() const { return started_; }
  Instant last() const { return last_; }
  Ipv4 address() const { return address_; }
  std::optional<model::Arch> arch() const { return arch_; }
  /// For showing: what was jumped over is `skipped`.
  std::vector<Stage> stages() const;

  const StageFacts& facts(StageName name) const { return stages_[static_cast<std::size_t>(name)]; }
  StageState state(StageName name) const { return facts(name).shown.state; }
  bool done(StageName name) const { return state(name) == StageState::done; }
  bool reached(StageName name) const { return state(name) != StageState::waiting; }
  bool past(StageName name) const;  ///< a later stage was reached
  /// Something that is no boot loader was given to the machine to run.
  bool handed_over() const { return done(StageName::kernel) || done(StageName::archive) || sent_to_disk_; }

  /// Kernel and archive were delivered whole, so that the rest is the machine's.
  bool delivered() const;
  Instant delivered_at() const;
  /// How often it asked for its script again after it was given everything.
  std::uint32_t unstarted() const { return unstarted_; }
  const model::UpRule& up_rule() const { return up_rule_; }
  /// When it was seen to be up; `up_sign`: by what.
  std::optional<Instant> up_since() const;
  std::string up_sign() const;

  /// Why the newest DHCP packet was not answered; empty once one was.
  const std::string& drop() const { return drop_; }
  const std::string& nak() const { return nak_; }              ///< why the newest REQUEST was refused
  const std::string& refusal() const { return refusal_; }      ///< cause the refusal script shows
  const std::string& trouble() const { return trouble_; }      ///< "NAME: reason" of a file beside the stages
  const std::string& boot_file() const { return boot_file_; }  ///< what the newest answer named
  /// The program that asked in StageName::ipxe; unknown: none yet.
  model::Stage loader() const { return loader_; }
  bool requested() const { return requested_; }  ///< its newest DHCP packet was no DISCOVER
  bool bootp() const { return bootp_; }          ///< it speaks BOOTP, which knows no DISCOVER
  bool nakked() const { return nakked_; }
  bool declined() const { return declined_; }
  bool by_proxy() const { return by_proxy_; }  ///< another server gives the addresses
  bool firmware_is_ipxe() const { return firmware_is_ipxe_; }
  bool sent_to_disk() const { return sent_to_disk_; }
  std::optional<Instant> os_seen() const { return os_seen_; }
  bool left_to_disk() const { return own_disk_ && boot_file_.empty(); }  ///< it was given no boot file
  Ipv4 relay() const { return relay_; }                                  ///< any(): none
  std::uint32_t link() const { return link_; }                           ///< as Event::link
  Ipv4 chosen_server() const { return chosen_server_; }  ///< that its newest dropped REQUEST named
  std::uint16_t waited() const { return waited_; }       ///< seconds before its first packet was heard
  const std::vector<IgnoredPackets>& ignored() const { return ignored_; }
  /// "NAME: reason" of the file beside kernel and archive that was asked for in vain.
  std::string missing_module() const;
  Ipv4 firmware_address() const { return firmware_address_; }  ///< of the first exchange
  Ipv4 loader_address() const { return loader_address_; }      ///< of the second

 private:
  StageFacts& at(StageName name) { return stages_[static_cast<std::size_t>(name)]; }
  void touch(StageName name, const Event& event, StageState state, bool counts = true);
  void add_dhcp(const Event& event);
  void add_first_dhcp(const Event& event);
  void add_second_dhcp(const Event& event);
  void answered();
  void note_sender(const Event& event);
  void note_ignored(const Event& event);
  void note_module(const Event& event);
  void note_another_script(const Event& event);
  void add_transfer(const Event& event);
  void count_bytes(StageFacts& stage, const Event& event);
  void transfer_started(StageFacts& stage, const Event& event);
  void transfer_finished(StageFacts& stage, const Event& event);
  void transfer_failed(StageFacts& stage, const Event& event);
  void add_script(const Event& event);

  std::uint64_t id_;
  Instant started_;
  Instant last_;
  Ipv4 address_;
  std::optional<model::Arch> arch_;
  std::array<StageFacts, stage_count> stages_;
  std::string drop_, nak_, refusal_, trouble_, boot_file_;
  std::optional<Instant> os_seen_, up_seen_;
  std::string up_word_;
  std::uint32_t unstarted_ = 0;
  model::UpRule up_rule_;
  Ipv4 relay_, chosen_server_, firmware_address_, loader_address_;
  std::uint32_t link_ = 0;
  std::uint16_t waited_ = 0;
  std::vector<IgnoredPackets> ignored_;  ///< bounded
  std::string module_, module_reason_;   ///< the first that was refused and not delivered since
  bool own_disk_ = false;
  model::Stage loader_ = model::Stage::unknown;
  bool requested_ = false, bootp_ = false, nakked_ = false, declined_ = false, by_proxy_ = false,
       firmware_is_ipxe_ = false, sent_to_disk_ = false;
};

}  // namespace slipway::timeline
