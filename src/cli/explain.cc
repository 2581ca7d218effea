// SPDX-License-Identifier: MPL-2.0
// slipway explain MACHINE: the stages of its last boots, one sentence, and what it rests on. Exit code 3 when
// the newest boot failed, so that scripts can tell it from a question that failed.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/quantity.h"
#include "base/table.h"
#include "cli/api_call.h"
#include "cli/verbs.h"

namespace slipway::cli {
namespace {

double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

Duration duration_of(double seconds) {
  return Duration{static_cast<std::int64_t>(seconds * 1e6)};
}

std::string clock_time(Instant at) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::localtime(static_cast<std::time_t>(unix_seconds(at))));
}

struct Mark {
  std::string_view sign;
  const std::string& colour;
};

Mark mark_of(const std::string& state, const Colours& colour) {
  if (state == "done") return {"✓", colour.good};
  if (state == "failed") return {"✗", colour.bad};
  if (state == "running") return {"▸", colour.busy};
  return {state == "skipped" ? "–" : "·", colour.dim};
}

std::string transferred(const api::StageView& stage) {
  if (stage.bytes == 0 && stage.total == 0) return "";
  bool part = stage.total > stage.bytes;
  std::string text = part ? fmt::format("{} of {}", human_bytes(stage.bytes), human_bytes(stage.total))
                          : human_bytes(stage.bytes);
  if (stage.rate > 0) text += fmt::format("  {}/s", human_bytes(stage.rate));
  return text;
}

/// Of a loader that is no iPXE by its own name: "GRUB", "illumos".
std::string label_of(const api::StageView& stage) {
  bool other =
      stage.name == "ipxe" && (stage.detail.starts_with("GRUB") || stage.detail.starts_with("illumos"));
  return other ? stage.detail.substr(0, stage.detail.find_first_of(" ;")) : stage.name;
}

void print_stage(const api::StageView& stage, Instant started, const Colours& colour) {
  Mark mark = mark_of(stage.state, colour);
  std::string at = stage.at ? fmt::format("+{:.2f} s", seconds_between(started, *stage.at)) : "";
  std::string took = stage.took_seconds > 0 ? human_duration(duration_of(stage.took_seconds)) : "";
  std::string repeats = stage.count > 1 ? fmt::format("×{}", stage.count) : "";
  std::string line =
      fmt::format("  {}{}{} {:<9}{:>10}{:>10}  {:<26}{:<4}{}", mark.colour, mark.sign, colour.off,
                  label_of(stage), at, took, transferred(stage), repeats, stage.detail);
  line.erase(line.find_last_not_of(' ') + 1);
  fmt::print("{}\n", line);
}

/// "+0.00 s to +8.00 s", from the beginning of the boot.
std::string when(const api::EvidenceView& evidence, Instant started) {
  if (!evidence.first) return "";
  std::string text = fmt::format("+{:.2f} s", seconds_between(started, *evidence.first));
  bool longer = evidence.last && *evidence.last != *evidence.first;
  return longer ? text + fmt::format(" to +{:.2f} s", seconds_between(started, *evidence.last)) : text;
}

/// What the sentence says already is not said again.
void print_diagnosis(const api::DiagnosisView& diagnosis, Instant started, bool said, const Colours& colour) {
  fmt::print("\n  {}{}{}{}\n", colour.strong, diagnosis.id, colour.off, said ? "" : ": " + diagnosis.cause);
  for (const api::EvidenceView& evidence : diagnosis.evidence) {
    std::string count = evidence.count > 1 ? fmt::format("×{}", evidence.count) : "";
    std::string line = fmt::format("    {:<44} {:<5}{}", evidence.text, count, when(evidence, started));
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}{}{}\n", colour.dim, line, colour.off);
  }
  if (!said) fmt::print("    {}\n", diagnosis.remedy);
}

void print_boot(const api::BootView& boot, const Colours& colour) {
  fmt::print("{}boot {}{}  {}", colour.strong, boot.id, colour.off, clock_time(boot.started));
  if (boot.address) fmt::print("  {}", *boot.address);
  if (boot.arch) fmt::print("  {}", *boot.arch);
  fmt::print("\n");
  for (const api::StageView& stage : boot.stages) print_stage(stage, boot.started, colour);
  fmt::print("\n  {}{}{}\n", boot.failed ? colour.bad : colour.good, boot.sentence, colour.off);
  for (std::size_t i = 0; i < boot.diagnoses.size(); ++i)
    print_diagnosis(boot.diagnoses[i], boot.started, boot.failed && i == 0, colour);
}

int print(const api::Explanation& told) {
  Colours colour = colours();
  const api::MachineView& machine = told.machine;
  fmt::print("{}{}{}{}\n\n", colour.strong, machine.name.value_or(machine.machine), colour.off,
             machine.name && !machine.machine.empty() ? "  " + machine.machine : "");
  if (told.boots.empty()) {
    fmt::print("{}\n", machine.sentence.empty() ? "nothing was heard of it since slipwayd started"
                                                : machine.sentence);
    return exit_ok;
  }
  for (std::size_t i = 0; i < told.boots.size(); ++i) {
    if (i > 0) fmt::print("\n");
    print_boot(told.boots[i], colour);
  }
  return exit_ok;
}

/// A machine that was never answered has no boot to judge.
bool is_in_trouble(const api::Explanation& told) {
  return told.boots.empty() ? told.machine.stands == "not answered" : told.boots.front().failed;
}

}  // namespace

int explain(const Context& context, const std::string& machine, unsigned boots) {
  std::string target = fmt::format("/api/v1/machines/{}/explain?boots={}", url_part(machine), boots);
  auto body = call(context, http::Method::get, target);
  if (!body) return fail(body.error());
  auto told = api::from_json<api::Explanation>(*body);
  if (!told) return fail(told.error());
  context.json ? print_line(*body) : print(*told);
  return is_in_trouble(*told) ? exit_trouble : exit_ok;
}

}  // namespace slipway::cli
