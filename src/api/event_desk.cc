// SPDX-License-Identifier: MPL-2.0
#include "api/event_desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/answer.h"
#include "api/machine_desk.h"
#include "api/query.h"
#include "api/views.h"

namespace slipway::api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

constexpr std::uint64_t most_events = 4096;
constexpr std::uint64_t usual_events = 1000;
constexpr std::uint64_t most_missed = 1000;  // a stream begins with at most so many past events

bool wants_stream(const Request& request) {
  return flag(request, "follow") || request.fields.accept.find("text/event-stream") != std::string::npos;
}

void leave_newest(std::vector<timeline::Event>& events, std::uint64_t most) {
  if (events.size() > most) events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(most));
}

}  // namespace

/// No two lives of the daemon begin in the same microsecond.
EventDesk::EventDesk(const World& world)
    : world_(world), feed_(fmt::format("{:x}", world.started.time_since_epoch().count())) {}

Response EventDesk::list(const Request& request, const Captures&) {
  auto since = number(request, "since", 0);
  auto most = number(request, "limit", usual_events);
  if (!since) return since.error();
  if (!most) return most.error();
  auto plan = world_.plan();
  Asked asked{*since, std::nullopt, std::string(request.target.parameter("kind").value_or(""))};
  if (auto text = request.target.parameter("machine")) {
    Machines machines = machines_of(world_, *plan);
    asked.whose = machines.find(*text);
    if (!asked.whose) return not_found(machines.unknown(*text));
  }
  if (wants_stream(request)) return follow(request, std::move(asked));

  EventList list;
  for (const timeline::Event& event : past(asked, std::min(*most, most_events)))
    list.events.push_back(view(event, Names(*plan, world_.timeline)));
  list.last_sequence = world_.timeline.last_sequence();
  return answer(list);
}

/// The newest `most` of them, oldest first.
std::vector<timeline::Event> EventDesk::past(const Asked& asked, std::uint64_t most) const {
  const FoundMachine* whose = asked.whose ? &*asked.whose : nullptr;
  auto events = past_events(world_, asked.since, asked.kind.empty() ? most : most_events, whose);
  std::erase_if(events, [&](const timeline::Event& event) { return !asked.is_of_kind(event); });
  leave_newest(events, most);
  return events;
}

/// Not all that came after this number is kept.
bool EventDesk::is_forgotten(std::uint64_t since) const {
  auto kept = world_.timeline.recent(since, most_events);
  return !kept.empty() && kept.front().sequence > since + 1;
}

/// Which events a follower wants. A machine that is configured by its UUID, say, may show its first network
/// card only later.
EventFeed::Wants EventDesk::wanted(Asked asked) const {
  if (!asked.whose && asked.kind.empty()) return nullptr;
  std::string name = asked.whose && asked.whose->named ? asked.whose->named->name : "";
  if (asked.whose) asked.whose->named = nullptr;  // of a plan that is gone one day
  return [this, asked = std::move(asked), name](const timeline::Event& event) {
    if (!asked.is_of_kind(event)) return false;
    if (!asked.whose) return true;
    auto about = event.machine ? event.machine : event.meant;
    if (!about) return false;
    const auto& macs = asked.whose->macs;
    bool known = std::find(macs.begin(), macs.end(), *about) != macs.end();
    return known || (!name.empty() && world_.timeline.name_of(*about) == name);
  };
}

/// First what was missed, when the follower says what it saw last; then everything as it happens. Numbers
/// begin anew with the daemon, and not all is kept: a follower that cannot be told all it missed is told so.
Response EventDesk::follow(const Request& request, Asked asked) {
  if (request.target.parameter("limit"))
    return problem(400, "limit means nothing to a stream", "leave limit out, or follow");
  Response response;
  response.content_type = "text/event-stream";
  response.headers.push_back({"Cache-Control", "no-store"});
  if (request.method == http::Method::head) {  // the head is all there is: nobody follows
    auto ended = std::make_shared<http::StreamWriter>();
    ended->finish();
    response.body = http::Stream{std::move(ended)};
    return response;
  }
  const std::string& id = request.fields.last_event_id;
  bool resumes = !id.empty();
  auto last_seen = feed_.sequence_of(id);
  if (resumes) asked.since = last_seen.value_or(0);
  bool wants_past = resumes || request.target.parameter("since");
  bool other_life = (resumes && !last_seen) || asked.since > world_.timeline.last_sequence();
  if (other_life) asked.since = 0;
  auto missed = wants_past ? past(asked, most_missed + 1) : std::vector<timeline::Event>{};
  bool gap = missed.size() > most_missed || is_forgotten(asked.since);
  leave_newest(missed, most_missed);
  auto writer = feed_.follow(wanted(asked));
  if (resumes && (other_life || gap)) writer->write("event: reset\ndata: {}\n\n");
  auto plan = world_.plan();
  for (const timeline::Event& event : missed)
    writer->write(feed_.render(event, Names(*plan, world_.timeline)));
  response.body = http::Stream{std::move(writer)};
  return response;
}

void EventDesk::publish(const timeline::Event& event) {
  if (feed_.size() == 0) return;
  auto plan = world_.plan();
  feed_.publish(event, Names(*plan, world_.timeline));
}

}  // namespace slipway::api
