// SPDX-License-Identifier: MPL-2.0
#include "timeline/attempt.h"

#include <algorithm>

namespace slipway::timeline {
namespace {

using namespace std::chrono_literals;

/// A machine silent for so long that then asks again was switched off and on. ROMs retransmit for up
/// to 60 s in all (PXE 2.1 §2.2: 4, 8, 16, 32 s).
constexpr Duration quiet_time = 60s;

bool is_rom(model::Stage stage) {
  return stage == model::Stage::pxe_rom || stage == model::Stage::http_rom;
}

/// A program that a ROM loaded and that does DHCP anew.
bool is_loader(model::Stage stage) {
  return stage == model::Stage::ipxe || stage == model::Stage::illumos_loader || stage == model::Stage::grub;
}

bool is_dhcp(Kind kind) {
  return kind <= Kind::bootp_reply;
}
bool is_transfer(Kind kind) {
  return kind >= Kind::tftp_started && kind <= Kind::http_refused;
}
bool is_script(Kind kind) {
  return kind >= Kind::script_served && kind <= Kind::refusal_script_served;
}

/// Seconds that a client can have been asking before it was heard. GRUB says 4796, some swap the bytes.
constexpr std::uint16_t longest_wait = 120;
constexpr std::size_t most_reasons = 8;

bool is_drop_of_bootp(const Event& event) {
  return event.kind == Kind::dhcp_dropped && event.name == line_of(Kind::bootp_request);
}

/// DHCP of what boots, not of an operating system. Bare BOOTP has no options to tell it by.
bool is_of_firmware(const Event& event) {
  return is_rom(event.stage) || is_loader(event.stage) || event.kind == Kind::bootp_request ||
         event.kind == Kind::bootp_reply || is_drop_of_bootp(event);
}

/// What an answer says besides the file it names: options that did not fit.
std::string with_note(std::string text, const Event& event) {
  bool answers = event.kind == Kind::dhcp_offer || event.kind == Kind::dhcp_ack ||
                 event.kind == Kind::proxy_offer || event.kind == Kind::proxy_ack ||
                 event.kind == Kind::bootp_reply;
  bool notes = answers && !event.detail.empty() && event.detail != event.name;
  return notes ? text + "; " + event.detail : text;
}

}  // namespace

Attempt::Attempt(std::uint64_t id, const Event& first)
    : id_(id), started_(first.at), last_(first.at), firmware_is_ipxe_(first.stage == model::Stage::ipxe) {
  for (std::size_t i = 0; i < stage_count; ++i) stages_[i].shown.name = static_cast<StageName>(i);
}

bool Attempt::can_begin_with(const Event& event) {
  if (event.kind == Kind::dhcp_discover || event.kind == Kind::dhcp_request ||
      event.kind == Kind::bootp_request || event.kind == Kind::proxy_request) {
    return is_of_firmware(event);
  }
  if (is_script(event.kind)) return true;
  return is_transfer(event.kind) && event.role != Role::probe && stage_of(event.role).has_value();
}

bool Attempt::ends_before(const Event& event) const {
  if (event.kind != Kind::dhcp_discover && event.kind != Kind::bootp_request) return false;
  if (!is_of_firmware(event)) return false;
  if (event.at - last_ > quiet_time) return true;
  if (!is_loader(event.stage)) return reached(StageName::ipxe) || past(StageName::ipxe);
  // iPXE starts anew within one boot when it loads another iPXE; once it has its script it has begun.
  return firmware_is_ipxe_ && past(StageName::ipxe);
}

bool Attempt::takes(const Event& event) const {
  if (event.kind == Kind::address_in_use) return is_of_firmware(event);  // told, and changes nothing
  // No operating system that runs is told by what says nothing of itself.
  bool says_nothing = event.kind == Kind::dhcp_dropped || event.kind == Kind::dhcp_unknown;
  if (says_nothing) return is_of_firmware(event);
  if (is_dhcp(event.kind)) return is_of_firmware(event) || (handed_over() && !os_seen_);
  if (event.kind == Kind::machine_up) return handed_over();
  return is_transfer(event.kind) || is_script(event.kind);
}

bool Attempt::delivered() const {
  bool kernel_stopped = reached(StageName::kernel) && !done(StageName::kernel);
  return done(StageName::archive) && !kernel_stopped;
}

Instant Attempt::delivered_at() const {
  return std::max(facts(StageName::kernel).last, facts(StageName::archive).last);
}

/// A rule of the file is what counts; without one whatever is heard of its operating system does.
std::optional<Instant> Attempt::up_since() const {
  if (up_seen_) return up_seen_;
  bool by_dhcp = !up_rule_.said || up_rule_.sign == model::UpRule::Sign::dhcp;
  return by_dhcp ? os_seen_ : std::nullopt;
}

std::string Attempt::up_sign() const {
  return up_seen_ ? up_word_ : "its operating system asked for an address";
}

std::string Attempt::missing_module() const {
  return module_.empty() ? "" : module_ + ": " + module_reason_;
}

bool Attempt::past(StageName name) const {
  auto later = stages_.begin() + static_cast<std::ptrdiff_t>(name) + 1;
  return std::any_of(later, stages_.end(),
                     [](const StageFacts& facts) { return facts.shown.state != StageState::waiting; });
}

std::vector<Stage> Attempt::stages() const {
  std::vector<Stage> shown;
  for (const StageFacts& facts : stages_) {
    shown.push_back(facts.shown);
    Stage& stage = shown.back();
    if (stage.state == StageState::failed && !facts.reason.empty()) stage.detail += ": " + facts.reason;
    if (stage.state != StageState::waiting) continue;
    bool loading = stage.name == StageName::loader || stage.name == StageName::ipxe;
    if (past(stage.name)) stage.state = StageState::skipped;
    if (loading && firmware_is_ipxe_ && done(StageName::ack)) {
      stage.state = StageState::skipped;
      stage.detail = "the firmware is iPXE";
    }
  }
  return shown;
}

void Attempt::add(const Event& event) {
  last_ = std::max(last_, event.at);
  if (event.arch && !arch_) arch_ = event.arch;
  if (is_dhcp(event.kind)) add_dhcp(event);
  if (is_transfer(event.kind)) add_transfer(event);
  if (is_script(event.kind)) add_script(event);
  if (event.kind == Kind::machine_up && !up_seen_) {
    up_seen_ = event.at;
    up_word_ = event.detail;
  }
}

void Attempt::touch(StageName name, const Event& event, StageState state, bool counts) {
  StageFacts& facts = at(name);
  if (facts.shown.state == StageState::waiting) facts.shown.at = event.at;
  facts.shown.state = state;
  facts.shown.took = std::max(Duration::zero(), event.at - facts.shown.at);
  facts.last = event.at;
  if (counts) ++facts.shown.count;
}

void Attempt::answered() {
  drop_.clear();
  nakked_ = declined_ = false;
}

/// What a packet says of where it comes from.
void Attempt::note_sender(const Event& event) {
  bool first = !reached(StageName::discover) && !reached(StageName::request);
  if (first && event.waited <= longest_wait) waited_ = event.waited;
  if (!event.relay.is_any()) relay_ = event.relay;
  link_ = event.link;
}

void Attempt::note_ignored(const Event& event) {
  bool not_for_us = event.detail.starts_with("not_for_us");
  if (not_for_us && !event.server.is_any()) chosen_server_ = event.server;
  auto same = std::find_if(ignored_.begin(), ignored_.end(), [&](const IgnoredPackets& known) {
    return known.name == event.name && known.reason == event.detail;
  });
  if (same == ignored_.end()) {
    if (ignored_.size() == most_reasons) return;
    same = ignored_.insert(same, {event.name, event.detail, 0, event.at, event.at});
  }
  ++same->count;
  same->last = event.at;
}

void Attempt::add_dhcp(const Event& event) {
  if (!is_of_firmware(event)) {
    os_seen_ = event.at;
    return;
  }
  note_sender(event);
  switch (event.kind) {
    case Kind::dhcp_discover:
    case Kind::bootp_request:
      requested_ = false;
      bootp_ = event.kind == Kind::bootp_request;
      break;
    case Kind::dhcp_request:
    case Kind::proxy_request:
      requested_ = true;
      // What another server gives, only the client's word tells.
      if (by_proxy_ && !event.address.is_any()) address_ = event.address;
      break;
    case Kind::dhcp_dropped:
      // Beside another server its REQUESTs are not for us: nothing to complain of.
      if (by_proxy_) return;
      drop_ = event.detail;
      note_ignored(event);
      return;
    case Kind::dhcp_decline:
      declined_ = true;
      address_ = event.address;
      return;
    case Kind::dhcp_nak:
      nakked_ = true;
      nak_ = event.detail;
      return;
    case Kind::dhcp_offer:
    case Kind::proxy_offer:
    case Kind::dhcp_ack:
    case Kind::proxy_ack:
    case Kind::bootp_reply:
      answered();
      by_proxy_ = event.kind == Kind::proxy_offer || event.kind == Kind::proxy_ack;
      if (!event.name.empty()) boot_file_ = event.name;
      own_disk_ = event.own_disk;
      if (!event.address.is_any()) address_ = event.address;
      break;
    default:
      break;
  }
  if (is_loader(event.stage) && !firmware_is_ipxe_) {
    add_second_dhcp(event);
  } else {
    add_first_dhcp(event);
  }
}

void Attempt::add_first_dhcp(const Event& event) {
  switch (event.kind) {
    case Kind::dhcp_discover:
    case Kind::bootp_request:
      touch(StageName::discover, event, StageState::done);
      break;
    case Kind::dhcp_offer:
    case Kind::proxy_offer:
      touch(StageName::offer, event, StageState::done);
      break;
    case Kind::dhcp_request:
    case Kind::proxy_request:
      touch(StageName::request, event, StageState::done);
      break;
    case Kind::dhcp_ack:
    case Kind::proxy_ack:
    case Kind::bootp_reply:
      touch(StageName::ack, event, StageState::done);
      break;
    default:
      return;
  }
  if (event.kind == Kind::dhcp_offer || event.kind == Kind::dhcp_ack || event.kind == Kind::bootp_reply) {
    at(event.kind == Kind::dhcp_offer ? StageName::offer : StageName::ack).shown.detail =
        with_note(event.address.to_string(), event);
  }
  if (event.kind == Kind::dhcp_ack || event.kind == Kind::bootp_reply) firmware_address_ = event.address;
}

/// iPXE's whole exchange is one stage, counted by its beginnings. Beside another server our offer is all that
/// we see of it.
void Attempt::add_second_dhcp(const Event& event) {
  bool begins = event.kind == Kind::dhcp_discover || event.kind == Kind::bootp_request;
  switch (event.kind) {
    case Kind::dhcp_ack:
    case Kind::proxy_ack:
    case Kind::proxy_offer:
    case Kind::bootp_reply:
      touch(StageName::ipxe, event, StageState::done, begins);
      break;
    case Kind::dhcp_discover:
    case Kind::dhcp_offer:
    case Kind::dhcp_request:
    case Kind::proxy_request:
    case Kind::bootp_request:
      touch(StageName::ipxe, event, done(StageName::ipxe) ? StageState::done : StageState::running, begins);
      break;
    default:
      return;
  }
  if (event.kind == Kind::dhcp_ack || event.kind == Kind::bootp_reply) loader_address_ = event.address;
  loader_ = event.stage;
  at(StageName::ipxe).shown.detail = with_note(std::string(model::to_string(event.stage)), event);
}

void Attempt::add_script(const Event& event) {
  refusal_.clear();
  bool refused = event.kind == Kind::refusal_script_served;
  if (refused) refusal_ = event.detail.empty() ? "no reason was given" : event.detail;
  sent_to_disk_ = event.kind == Kind::local_script_served;
  if (event.up) up_rule_ = *event.up;
  // The transfer that carries a script is counted; one that carries a refusal is looked at no further.
  touch(StageName::script, event, refused ? StageState::failed : StageState::done, refused);
  at(StageName::script).shown.detail = event.detail;
}

}  // namespace slipway::timeline
