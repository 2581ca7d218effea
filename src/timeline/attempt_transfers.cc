// SPDX-License-Identifier: MPL-2.0
// Of an Attempt: what its transfers tell.
#include <algorithm>

#include "base/quantity.h"
#include "timeline/attempt.h"

namespace slipway::timeline {

std::optional<StageName> stage_of(Role role) {
  switch (role) {
    case Role::loader:
      return StageName::loader;
    case Role::script:
    case Role::probe:
      return StageName::script;
    case Role::kernel:
      return StageName::kernel;
    case Role::archive:
      return StageName::archive;
    default:
      return std::nullopt;
  }
}

void Attempt::note_module(const Event& event) {
  bool refused = event.kind == Kind::tftp_refused || event.kind == Kind::http_refused;
  bool finished = event.kind == Kind::tftp_finished || event.kind == Kind::http_finished;
  if (refused && module_.empty()) {
    module_ = event.name;
    module_reason_ = spoken(event.detail);
  } else if (finished && event.name == module_) {
    module_.clear();
  }
}

void Attempt::add_transfer(const Event& event) {
  auto name = stage_of(event.role);
  bool refused = event.kind == Kind::tftp_refused || event.kind == Kind::http_refused;
  bool failed = event.kind == Kind::tftp_failed || event.kind == Kind::http_failed;
  bool finished = event.kind == Kind::tftp_finished || event.kind == Kind::http_finished;
  if (event.role == Role::module) note_module(event);
  if (!name) {
    if (refused || failed) trouble_ = event.name + ": " + spoken(event.detail);
    return;
  }
  if (event.role == Role::probe && !finished) return;           // firmware tries names that need not be there
  if (*name == StageName::script && !refusal_.empty()) return;  // what carried the refusal is no success
  StageFacts& stage = at(*name);
  stage.last = event.at;
  if (event.block != 0) stage.block = event.block;
  if (event.at_once) transfer_started(stage, event);
  if (finished) {
    transfer_finished(stage, event);
  } else if (refused || failed) {
    transfer_failed(stage, event);
    stage.refused = refused;
    stage.unheard = event.unheard;
  } else if (event.kind == Kind::tftp_probed) {
    if (stage.shown.state == StageState::running) stage.shown.state = StageState::waiting;
  } else {
    transfer_started(stage, event);
  }
}

/// A loader without memory closes its end, takes nothing more, and asks for its script again, while our
/// kernel still waits for it: seen of iPXE, "No space left on device". Only a script that was taken counts: a
/// request alone may be forged.
void Attempt::note_another_script(const Event& event) {
  if (delivered()) ++unstarted_;
  StageFacts& archive = at(StageName::archive);
  if (archive.shown.state != StageState::running || event.address != address_) return;
  archive.shown.state = StageState::failed;
  archive.given_up = true;
  archive.reason = "client gone (it asked for its script again)";
}

void Attempt::transfer_started(StageFacts& stage, const Event& event) {
  ++stage.shown.count;
  if (stage.file.empty()) stage.file = event.name;
  if (stage.shown.state == StageState::done || stage.shown.state == StageState::running) return;
  if (stage.given_up && stage.file == event.name) return;
  if (stage.file != event.name) {  // another one, after the first failed
    stage.coverage.clear();
    stage.file = event.name;
  }
  stage.shown.state = StageState::running;
  stage.shown.at = event.at;
  stage.shown.detail = event.name;
  stage.shown.total = event.total;
  stage.refused = false;
  stage.reason.clear();
}

/// Bytes count once, whatever ranges they came in.
void Attempt::count_bytes(StageFacts& stage, const Event& event) {
  stage.coverage.add(event.offset, event.bytes);
  Stage& shown = stage.shown;
  shown.total = std::max(shown.total, event.total);
  shown.bytes = stage.coverage.bytes();
  bool alone = event.bytes == shown.bytes && event.took > Duration::zero();
  shown.took = alone ? event.took : std::max(Duration::zero(), event.at - shown.at);
  bool rendered = shown.name == StageName::script;  // made while it is sent: no rate worth telling
  if (!rendered) shown.rate = rate_of(shown.bytes, shown.took);
}

void Attempt::transfer_finished(StageFacts& stage, const Event& event) {
  bool head = event.kind == Kind::http_finished && event.bytes == 0 && event.total != 0;
  if (head) {
    bool only_asked = stage.shown.state == StageState::running && stage.coverage.bytes() == 0;
    if (only_asked) stage.shown.state = StageState::waiting;
    return;
  }
  if (stage.shown.name == StageName::script) note_another_script(event);
  if (stage.shown.state == StageState::waiting || stage.shown.state == StageState::failed) {
    transfer_started(stage, event);  // its beginning was missed
    stage.shown.at = event.at - event.took;
  }
  bool whole = event.kind == Kind::tftp_finished || event.bytes >= event.total;
  bool same_file = stage.file.empty() || stage.file == event.name;
  // Of a loader in several files the first is shown; a file fetched again is not counted again.
  bool counted = stage.shown.state == StageState::done && stage.shown.bytes > 0;
  if (same_file && whole) ++stage.finished;
  if (same_file && !counted) count_bytes(stage, event);
  if (whole || (same_file && stage.shown.bytes >= stage.shown.total)) stage.shown.state = StageState::done;
}

void Attempt::transfer_failed(StageFacts& stage, const Event& event) {
  if (stage.shown.state == StageState::done) {
    trouble_ = event.name + ": " + spoken(event.detail);  // a loader's further file, a kernel asked for again
    return;
  }
  if (stage.shown.state != StageState::running) transfer_started(stage, event);
  count_bytes(stage, event);
  stage.shown.state = StageState::failed;
  stage.reason = spoken(event.detail);
}

}  // namespace slipway::timeline
