// SPDX-License-Identifier: MPL-2.0
#include "storm/report.h"

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/quantity.h"
#include "base/table.h"

namespace slipway::storm {
namespace {

constexpr std::size_t most_failures = 12;  // told; the rest is counted
namespace json = boost::json;

double seconds_between(Tick from, Tick to) {
  return std::chrono::duration<double>(to - from).count();
}

std::string thousands(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string seconds_text(double seconds) {
  return seconds < 10 ? fmt::format("{:.3f}", seconds) : fmt::format("{:.1f}", seconds);
}

std::string rate_text(std::uint64_t bytes, double seconds) {
  if (bytes == 0 || seconds <= 0) return "";
  double rate = static_cast<double>(bytes) / seconds / 1e6;
  return rate < 10 ? fmt::format("{:.1f}", rate) : thousands(static_cast<std::uint64_t>(rate));
}

std::array<std::string, 4> cells_of(const Spread& spread, std::uint32_t machines) {
  if (!machines) return {"-", "-", "-", "-"};
  return {seconds_text(spread.p50), seconds_text(spread.p90), seconds_text(spread.p99),
          seconds_text(spread.most)};
}

json::object spread_json(const Spread& spread) {
  return {{"p50", spread.p50}, {"p90", spread.p90}, {"p99", spread.p99}, {"max", spread.most}};
}

std::string address_free(const std::string& why, const walk::Machine& machine) {
  // One reason for all machines, whatever their names in URLs and sentences.
  std::string text = why;
  const MacAddress& mac = machine.who().mac;
  std::vector<std::string> own{mac.to_string(), mac.hyphens(), mac.digits()};
  if (machine.agreed()) own.push_back(machine.agreed()->address.to_string());
  for (const std::string& name : own) {
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;)
      text.replace(at, name.size(), "(its own)");
  }
  return text;
}

}  // namespace

Spread spread_of(std::vector<double>& seconds) {
  if (seconds.empty()) return {};
  std::sort(seconds.begin(), seconds.end());
  auto rank = [&](double share) {
    auto at = static_cast<std::size_t>(std::ceil(share * static_cast<double>(seconds.size())));
    return seconds[std::max<std::size_t>(at, 1) - 1];
  };
  return {rank(0.5), rank(0.9), rank(0.99), seconds.back()};
}

void Report::add(const walk::Machine& machine, std::string_view kind) {
  const walk::Record& record = machine.record();
  ++machines_;
  Kind& own = kinds_[std::string(kind)];
  ++own.figures.machines;
  first_ = std::min(first_.value_or(record.power_on), record.power_on);
  for (std::size_t i = 0; i < walk::stage_count; ++i) {
    const walk::StageRecord& stage = record.stages[i];
    Gathered& all = gathered_[i];
    all.figures.stage = static_cast<walk::Stage>(i);
    all.figures.again += stage.again;
    all.figures.lost += stage.lost;
    all.figures.bytes += stage.bytes;
    if (stage.begun) {
      ++all.figures.begun;
      all.first = std::min(all.first.value_or(*stage.begun), *stage.begun);
    }
    if (!stage.reached) continue;
    ++all.figures.reached;
    all.at.push_back(seconds_between(record.power_on, *stage.reached));
    all.last = std::max(all.last.value_or(*stage.reached), *stage.reached);
  }
  if (!record.booted()) return note_failure(machine);
  ++booted_;
  ++own.figures.booted;
  own.at.push_back(seconds_between(record.power_on, *record.over));
  last_ = std::max(last_.value_or(*record.over), *record.over);
}

void Report::note_failure(const walk::Machine& machine) {
  const walk::Record& record = machine.record();
  std::string why = address_free(record.failed, machine);
  auto [found, fresh] = failures_.try_emplace({record.stage, why});
  if (fresh) found->second = {record.stage, why, 0, machine.who().mac};
  ++found->second.machines;
}

std::vector<StageFigures> Report::stages() const {
  std::vector<StageFigures> all;
  for (const Gathered& gathered : gathered_) {
    if (!gathered.figures.begun) continue;
    StageFigures figures = gathered.figures;
    auto at = gathered.at;
    figures.at = spread_of(at);
    if (gathered.first && gathered.last) figures.seconds = seconds_between(*gathered.first, *gathered.last);
    all.push_back(figures);
  }
  return all;
}

std::vector<Failure> Report::failures() const {
  std::vector<Failure> all;
  for (const auto& [key, failure] : failures_) all.push_back(failure);
  std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.machines > b.machines; });
  return all;
}

double Report::seconds() const {
  return first_ && last_ ? seconds_between(*first_, *last_) : 0;
}

std::uint64_t Report::bytes() const {
  std::uint64_t sum = 0;
  for (const Gathered& gathered : gathered_) sum += gathered.figures.bytes;
  return sum;
}

std::string Report::text() const {
  Table table({"stage", "machines>", "p50>", "p90>", "p99>", "max>", "said again>", "files lost>", "content>",
               "MB/s>"});
  for (const StageFigures& stage : stages()) {
    auto at = cells_of(stage.at, stage.reached);
    table.row({std::string(walk::to_string(stage.stage)), thousands(stage.reached), at[0], at[1], at[2],
               at[3], thousands(stage.again), thousands(stage.lost),
               stage.bytes ? human_bytes(stage.bytes) : "", rate_text(stage.bytes, stage.seconds)});
  }
  std::string text = table.to_string() + "Times are seconds since each machine's power-on.\n\n";
  if (kinds_.size() > 1) {
    Table kinds({"firmware", "machines>", "booted>", "p50>", "p90>", "p99>", "max>"});
    for (const auto& [name, kind] : kinds_) {
      auto at = kind.at;
      auto cells = cells_of(spread_of(at), kind.figures.booted);
      kinds.row({name, thousands(kind.figures.machines), thousands(kind.figures.booted), cells[0], cells[1],
                 cells[2], cells[3]});
    }
    text += kinds.to_string() + "\n";
  }
  text += fmt::format("{} of {} machines booted", thousands(booted_), thousands(machines_));
  if (booted_)
    text += fmt::format(", the last {} s after the first power-on; {} of content, {} MB/s",
                        seconds_text(seconds()), human_bytes(bytes()), rate_text(bytes(), seconds()));
  text += ".\n";
  auto failed = failures();
  for (std::size_t i = 0; i < std::min(failed.size(), most_failures); ++i) {
    text += fmt::format("{} failed at {}: {} ({})\n", thousands(failed[i].machines),
                        walk::to_string(failed[i].stage), failed[i].why, failed[i].example.to_string());
  }
  if (failed.size() > most_failures)
    text += fmt::format("and {} reasons more\n", failed.size() - most_failures);
  if (troubles_.unsent)
    text +=
        fmt::format("This host could not send {} packets: {}\n", thousands(troubles_.unsent), troubles_.last);
  return text;
}

std::string Report::json() const {
  json::array stage_list, failure_list;
  for (const StageFigures& stage : stages()) {
    stage_list.push_back({{"stage", std::string(walk::to_string(stage.stage))},
                          {"begun", stage.begun},
                          {"reached", stage.reached},
                          {"seconds", spread_json(stage.at)},
                          {"again", stage.again},
                          {"lost", stage.lost},
                          {"bytes", stage.bytes},
                          {"took", stage.seconds}});
  }
  for (const Failure& failure : failures()) {
    failure_list.push_back({{"stage", std::string(walk::to_string(failure.stage))},
                            {"why", failure.why},
                            {"machines", failure.machines},
                            {"example", failure.example.to_string()}});
  }
  json::object kind_list;
  for (const auto& [name, kind] : kinds_) {
    auto at = kind.at;
    kind_list[name] = {{"machines", kind.figures.machines},
                       {"booted", kind.figures.booted},
                       {"seconds", spread_json(spread_of(at))}};
  }
  json::object all{{"machines", machines_},
                   {"booted", booted_},
                   {"seconds", seconds()},
                   {"bytes", bytes()},
                   {"stages", std::move(stage_list)},
                   {"firmware", std::move(kind_list)},
                   {"failures", std::move(failure_list)},
                   {"unsent", troubles_.unsent}};
  return json::serialize(all);
}

}  // namespace slipway::storm
