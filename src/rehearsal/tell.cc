// SPDX-License-Identifier: MPL-2.0
#include "rehearsal/tell.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/printable.h"
#include "boot/decide.h"
#include "lease/allocator.h"
#include "wire/dump.h"

namespace slipway::rehearsal {
namespace {

/// Every line of `text` set in by so many blanks.
std::string indented(const std::string& text, std::size_t blanks) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    out += std::string(blanks, ' ') + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

std::string row(std::string_view title, const std::string& text) {
  return fmt::format("  {:<11} {}\n", title, text);
}

std::string answer_text(const dhcp::Answer& answer) {
  std::string text =
      row("answer", fmt::format("{} from {}:{} to {}", wire::kind_of(answer.message), answer.from.to_string(),
                                answer.from_port, dhcp::to_string(answer.to)));
  wire::Serialized sent = wire::serialize(answer.message, answer.max_size);
  text += indented(wire::dump_dhcp(answer.message), 4);
  if (!sent.left_out.empty()) {
    std::string codes;
    for (std::uint8_t code : sent.left_out) codes += fmt::format(" {}", code);
    text += row("left out", fmt::format("options{}: the client takes no more than {} bytes", codes,
                                        answer.max_size + wire::ip_udp_overhead));
  }
  return text;
}

std::string drop_text(const dhcp::Ignore& dropped) {
  std::string text =
      row("not answered", fmt::format("{}: {}{}", dhcp::to_string(dropped.why), dhcp::sentence(dropped.why),
                                      dropped.detail.empty() ? "" : " (" + dropped.detail + ")"));
  return text + row("remedy", std::string(dhcp::remedy(dropped.why)));
}

/// The subnet of a shared network that the relay's address lies in, where the address given is of another.
const model::Subnet* passed_over(const Step& step, const model::Plan& plan, const model::Subnet& given) {
  Ipv4 relay = step.sent.giaddr;
  if (relay.is_any() || step.trace.placed_by != "the relay's address (giaddr)") return nullptr;
  const model::Subnet* named = plan.subnet_of_relay(relay);
  if (!named) named = plan.subnet_of(relay);
  return named == &given ? nullptr : named;
}

std::string subnet_text(const Step& step, const model::Plan& plan) {
  const dhcp::Trace& trace = step.trace;
  if (!trace.subnet) return "none";
  std::string text = trace.subnet->to_string();
  const model::Subnet* given = plan.subnet_of(trace.subnet->network);
  bool shared = given && !given->shared_network.empty();
  if (shared) text += fmt::format(" of the shared network '{}'", printable(given->shared_network));
  if (!trace.placed_by.empty()) text += fmt::format(", told by {}", trace.placed_by);
  const model::Subnet* named = shared ? passed_over(step, plan, *given) : nullptr;
  if (!named) return text;
  text += fmt::format(" in {}", named->network.to_string());
  std::string fresh = fmt::format("({})", lease::to_string(lease::Source::fresh));
  bool full = trace.reason.find(fresh) != std::string::npos;
  return full ? text + ", which has no free address for this client" : text;
}

std::string captured_text(const Replayed& replayed) {
  if (replayed.captured.empty()) return row("captured", "no answer");
  std::string text;
  for (const wire::DhcpMessage& message : replayed.captured) {
    text += row("captured", wire::dump_dhcp_line(message));
  }
  return text;
}

std::string shown(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string comparison(const Replayed& replayed) {
  const dhcp::Answer* ours = replayed.step.answer();
  const wire::DhcpMessage* against = counterpart(replayed);
  if (!ours || !against) return "";
  std::vector<Difference> list = differences(*against, ours->message);
  if (list.empty()) return row("the same", "in every field and option");
  std::size_t first = std::string_view("differs in").size(), second = std::string_view("captured").size();
  for (const Difference& each : list) {
    first = std::max(first, each.what.size());
    second = std::max(second, shown(each.captured).size());
  }
  second = std::min<std::size_t>(second, 60);
  std::string text = fmt::format("    {:<{}}  {:<{}}  ours\n", "differs in", first, "captured", second);
  for (const Difference& each : list) {
    text += fmt::format("    {:<{}}  {:<{}}  {}\n", each.what, first, shown(each.captured), second,
                        shown(each.ours));
  }
  return text;
}

std::string heading(const Step& step) {
  return fmt::format("{} {} > {}:{}\n", wire::kind_of(step.sent), step.arrival.source.to_string(),
                     step.arrival.sent_to.to_string(), step.arrival.port);
}

std::string what_we_say(const Step& step) {
  if (const dhcp::Answer* answer = step.answer()) return answer_text(*answer);
  if (const dhcp::Ignore* dropped = step.dropped()) return drop_text(*dropped);
  return row("answer", "none is due: it is done");
}

}  // namespace

std::string identity_of(const Step& step, const model::Plan& plan) {
  const model::Client& client = step.trace.client;
  std::string text(model::to_string(client.stage));
  if (!step.trace.known_by.empty()) text += fmt::format(" by {}", step.trace.known_by);
  if (client.arch) text += fmt::format(", {}", model::to_string(*client.arch));
  const model::Machine* machine = boot::machine_of(plan, client);
  return text + (machine ? fmt::format(", machine {}", printable(machine->name))
                         : ", a machine the file does not name");
}

std::string tell(const Step& step, const model::Plan& plan) {
  std::string text = heading(step);
  text += row("taken for", identity_of(step, plan));
  text += row("subnet", subnet_text(step, plan));
  if (!step.dropped() && !step.trace.reason.empty()) text += row("because", printable(step.trace.reason));
  if (const dhcp::Answer* answer = step.answer(); answer && answer->probe) {
    bool arp = answer->probe->way == dhcp::Probe::Way::arp;
    text += row("probe", fmt::format("{} would be asked for by {} before the offer leaves",
                                     answer->probe->address.to_string(), arp ? "ARP" : "ping"));
  }
  if (step.changes_leases) text += row("lease", "would be written before the answer leaves");
  return text + what_we_say(step);
}

std::string tell(const Exchange& exchange, const model::Plan& plan) {
  std::string text = fmt::format("== {}\n", exchange.who);
  for (const Step& step : exchange.steps) text += tell(step, plan) + "\n";
  if (!exchange.then.empty()) text += fmt::format("Then {}.\n", exchange.then);
  return text;
}

std::string tell(const Replayed& replayed, const model::Plan& plan) {
  double since = std::chrono::duration<double>(replayed.since).count();
  const Step& step = replayed.step;
  std::string text =
      fmt::format("{:.6f} {} > {} ", since, replayed.from.to_string(), replayed.to.to_string());
  if (!replayed.readable) return text + "not DHCP\n" + what_we_say(step);
  text += wire::dump_dhcp_line(step.sent) + "\n";
  text += row("taken for", identity_of(step, plan));
  text += row("subnet", subnet_text(step, plan));
  for (const std::string& remark : replayed.remarks) text += row("replayed", remark);
  if (!step.dropped() && !step.trace.reason.empty()) text += row("because", printable(step.trace.reason));
  text += captured_text(replayed);
  if (const dhcp::Answer* answer = step.answer()) {
    text += row("ours",
                fmt::format("{}, to {}", wire::dump_dhcp_line(answer->message), dhcp::to_string(answer->to)));
    return text + comparison(replayed);
  }
  return text + what_we_say(step);
}

}  // namespace slipway::rehearsal
