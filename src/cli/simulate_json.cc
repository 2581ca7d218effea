// SPDX-License-Identifier: MPL-2.0
#include "cli/simulate_json.h"

#include <boost/json.hpp>

#include "base/printable.h"
#include "boot/decide.h"
#include "cli/message_json.h"

namespace slipway::cli {
namespace {

namespace json = boost::json;

json::array texts(const std::vector<std::string>& lines) {
  json::array list;
  for (const std::string& line : lines) list.emplace_back(line);
  return list;
}

json::object client_json(const rehearsal::Step& step, const model::Plan& plan) {
  const model::Client& client = step.trace.client;
  json::object object{{"stage", model::to_string(client.stage)}, {"known_by", step.trace.known_by}};
  if (client.arch) object["arch"] = model::to_string(*client.arch);
  if (client.uuid) object["uuid"] = client.uuid->to_string();
  if (const model::Machine* machine = boot::machine_of(plan, client))
    object["machine"] = printable(machine->name);
  return object;
}

json::object answer_json(const dhcp::Answer& answer) {
  return {{"from", answer.from.to_string()},
          {"from_port", answer.from_port},
          {"to", dhcp::to_string(answer.to)},
          {"bytes", wire::serialize(answer.message, answer.max_size).bytes.size()},
          {"message", message_json(answer.message)}};
}

json::object dropped_json(const dhcp::Ignore& dropped) {
  return {{"reason", dhcp::to_string(dropped.why)},
          {"sentence", dhcp::sentence(dropped.why)},
          {"detail", printable(dropped.detail)},
          {"remedy", dhcp::remedy(dropped.why)}};
}

json::object step_json(const rehearsal::Step& step, const model::Plan& plan) {
  const dhcp::Trace& trace = step.trace;
  json::object object{{"sent", message_json(step.sent)},
                      {"interface", step.arrival.interface},
                      {"client", client_json(step, plan)},
                      {"because", printable(trace.reason)}};
  if (trace.subnet) object["subnet"] = trace.subnet->to_string();
  if (trace.subnet) object["subnet_told_by"] = trace.placed_by;
  if (!trace.address.is_any()) object["address"] = trace.address.to_string();
  if (!trace.boot_file.empty()) object["boot_file"] = printable(trace.boot_file);
  object["changes_leases"] = step.changes_leases;
  if (const dhcp::Answer* answer = step.answer()) object["answer"] = answer_json(*answer);
  if (const dhcp::Ignore* dropped = step.dropped()) object["not_answered"] = dropped_json(*dropped);
  return object;
}

}  // namespace

std::string simulation_json(const std::vector<rehearsal::Exchange>& exchanges,
                            const std::vector<std::string>& notes, const std::string& script,
                            const model::Plan& plan) {
  json::array list;
  for (const rehearsal::Exchange& exchange : exchanges) {
    json::array steps;
    for (const rehearsal::Step& step : exchange.steps) steps.push_back(step_json(step, plan));
    list.push_back({{"who", exchange.who}, {"steps", std::move(steps)}, {"then", exchange.then}});
  }
  return json::serialize(json::object{{"notes", texts(notes)},
                                      {"answered", rehearsal::all_answered(exchanges)},
                                      {"exchanges", std::move(list)},
                                      {"script", printable(script)}});
}

void ReplayJson::add(const rehearsal::Replayed& replayed, const model::Plan& plan) {
  json::object packet{{"seconds", std::chrono::duration<double>(replayed.since).count()},
                      {"from", replayed.from.to_string()},
                      {"to", replayed.to.to_string()},
                      {"remarks", texts(replayed.remarks)}};
  for (auto& [name, value] : step_json(replayed.step, plan)) packet[name] = std::move(value);
  json::array captured, differences;
  for (const wire::DhcpMessage& message : replayed.captured) captured.push_back(message_json(message));
  const wire::DhcpMessage* against = rehearsal::counterpart(replayed);
  const dhcp::Answer* answer = replayed.step.answer();
  if (answer && against) {
    for (const rehearsal::Difference& each : rehearsal::differences(*against, answer->message)) {
      differences.push_back({{"what", each.what}, {"captured", each.captured}, {"ours", each.ours}});
    }
  }
  packet["captured"] = std::move(captured);
  packet["differences"] = std::move(differences);
  packets_.push_back(std::move(packet));
}

std::string ReplayJson::text() && {
  return json::serialize(json::object{{"notes", texts(notes_)}, {"packets", std::move(packets_)}});
}

}  // namespace slipway::cli
