// SPDX-License-Identifier: MPL-2.0
#include "walk/machine.h"

#include <fmt/format.h>

#include "base/printable.h"

namespace slipway::walk {
namespace {

constexpr unsigned most_scripts = 8, most_files = 64;

Stage stage_of(Role role) {
  switch (role) {
    case Role::script:
      return Stage::script;
    case Role::kernel:
      return Stage::kernel;
    case Role::module:
      break;
  }
  return Stage::archive;
}

}  // namespace

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::offer:
      return "offer";
    case Stage::ack:
      return "ack";
    case Stage::loader:
      return "loader";
    case Stage::ipxe_ack:
      return "ipxe ack";
    case Stage::script:
      return "script";
    case Stage::kernel:
      return "kernel";
    case Stage::archive:
      return "archive";
  }
  return "unknown";
}

Machine::Machine(const Route& route, const Identity& who, std::uint32_t turn, bool eager)
    : route_(route), who_(who), turn_(turn), eager_(eager) {}

void Machine::power_on(Tick now) {
  record_.power_on = now;
  if (route_.rom) return become(*route_.rom, Stage::offer, now);
  become(route_.ipxe, Stage::ipxe_ack, now);
}

void Machine::become(const Program& program, Stage stage, Tick now) {
  program_ = &program;
  enter(stage, now);
  again_counted_ = 0;
  dialogue_.emplace(program, who_, turn_++ << number_bits | who_.number, eager_, now);
}

std::vector<Order> Machine::take_orders() {
  if (dialogue_) {
    for (auto& message : dialogue_->take_messages()) out_.emplace_back(std::move(message));
  }
  return std::exchange(out_, {});
}

std::optional<Tick> Machine::deadline() const {
  if (over()) return std::nullopt;
  return dialogue_ ? std::optional(dialogue_->deadline()) : paused_until_;
}

void Machine::receive(const wire::DhcpMessage& message, Tick now) {
  if (over() || !dialogue_) return;
  dialogue_->receive(message, now);
  after_dialogue(now);
}

void Machine::tick(Tick now) {
  if (over()) return;
  if (dialogue_) {
    dialogue_->tick(now);
    return after_dialogue(now);
  }
  if (!paused_until_ || now < *paused_until_) return;
  paused_until_.reset();
  run(true, now);
}

void Machine::after_dialogue(Tick now) {
  record_.at(record_.stage).again += dialogue_->again() - again_counted_;
  again_counted_ = dialogue_->again();
  if (record_.stage == Stage::offer && dialogue_->offered()) {
    reach(Stage::offer, *dialogue_->offered());
    enter(Stage::ack, now);
  }
  if (!dialogue_->failed().empty()) return fail(dialogue_->failed(), now);
  if (!dialogue_->agreed()) return;
  agreed_ = dialogue_->agreed();
  dialogue_.reset();
  reach(record_.stage, now);
  load(now);
}

void Machine::enter(Stage stage, Tick now) {
  record_.stage = stage;
  if (!record_.at(stage).begun) record_.at(stage).begun = now;
}

void Machine::reach(Stage stage, Tick now) {
  record_.at(stage).reached = now;
}

void Machine::fail(std::string why, Tick now) {
  if (over()) return;
  record_.failed = std::move(why);
  record_.over = now;
}

/// The file that DHCP named, a URL or a name on the TFTP server.
void Machine::load(Tick now) {
  bool rom = route_.rom && program_ == &*route_.rom;
  Stage stage = rom ? Stage::loader : Stage::script;
  enter(stage, now);
  if (agreed_->file.empty())
    return fail(fmt::format("{} gave an address and named no boot file", agreed_->server.to_string()), now);
  if (!rom && agreed_->file == loader_file_)
    return fail(fmt::format("iPXE is told to load {} again: the server does not tell it from a ROM",
                            printable(loader_file_)),
                now);
  if (rom) loader_file_ = agreed_->file;
  if (is_absolute(agreed_->file)) {
    auto url = parse_url(agreed_->file);
    return url ? fetch(*url, stage, now) : fail(url.error(), now);
  }
  fetch(Url{Url::Scheme::tftp, {agreed_->next_server, 69}, agreed_->file}, stage, now);
}

void Machine::fetch(const Url& url, Stage stage, Tick now) {
  enter(stage, now);
  if (++files_ > most_files) return fail(fmt::format("{} files and no end", most_files), now);
  current_ = url;
  out_.emplace_back(Fetch{url, program_->tftp, program_->head_first, stage == Stage::script});
}

void Machine::fetched(const FetchEnd& end, Tick now) {
  if (over()) return;
  Stage stage = record_.stage;
  StageRecord& record = record_.at(stage);
  record.bytes += end.bytes;
  record.again += end.again;
  if (!end.ok) ++record.lost;
  if (end.ok) reach(stage, now);
  if (script_ && !end.ok) return run(false, now);  // the script says what then
  if (!end.ok) return fail(fmt::format("{}: {}", current_.to_string(), end.why), now);
  if (stage == Stage::loader) return become(route_.ipxe, Stage::ipxe_ack, now);
  if (stage != Stage::script) return run(true, now);
  start_script(end.text, now);
}

void Machine::start_script(const std::string& text, Tick now) {
  if (!is_script(text)) {
    if (script_) return boots(now);  // `chain` of a program
    return fail(fmt::format("{} is no iPXE script", current_.to_string()), now);
  }
  if (++scripts_ > most_scripts) {
    script_.reset();
    return fail(fmt::format("{} scripts and no boot, the last from {}", most_scripts, current_.to_string()),
                now);
  }
  if (!settings_) {
    bool efi = program_->arch != model::Arch::bios;
    settings_.emplace(
        Facts{who_.mac, uuid_of(who_.mac), agreed_->address, agreed_->next_server, agreed_->file, efi});
  }
  script_url_ = current_;
  script_.emplace(text, *settings_);
  run(true, now);
}

void Machine::run(bool went_well, Tick now) {
  for (;;) {
    Step step = script_->next(went_well);
    if (std::holds_alternative<Boots>(step)) return boots(now);
    if (auto* stopped = std::get_if<Stopped>(&step)) return fail(stopped->why, now);
    if (auto* pause = std::get_if<Pause>(&step)) {
      paused_until_ = now + (eager_ && pause->menu ? Duration(0) : pause->length);
      return;
    }
    const Wanted& wanted = std::get<Wanted>(step);
    auto url = resolve(script_url_, wanted.url);
    if (url) return fetch(*url, stage_of(wanted.role), now);
    went_well = false;  // as a command of the script that fails; it says what then
    ++record_.at(stage_of(wanted.role)).lost;
  }
}

void Machine::boots(Tick now) {
  record_.over = now;
}

}  // namespace slipway::walk
