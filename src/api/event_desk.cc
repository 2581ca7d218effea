// SPDX-License-Identifier: MPL-2.0
#include "api/event_desk.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/answer.h"
#include "api/machine_desk.h"
#include "api/query.h"
#include "api/views.h"

namespace slipway::api {
namespace {

using http::Request;
using http::Response;

constexpr std::uint64_t most_events = 4096;
constexpr std::uint64_t most_missed = 1000;  // a stream begins with at most so many past events

bool wants_stream(const Request& request) {
  return flag(request, "follow") || request.fields.accept.find("text/event-stream") != std::string::npos;
}

}  // namespace

Response EventDesk::list(const Request& request, const http::Captures&) {
  auto since = number(request, "since", 0);
  auto most = number(request, "limit", 1000);
  if (!since) return since.error();
  if (!most) return most.error();
  auto plan = world_.plan();
  std::optional<FoundMachine> whose;
  if (auto text = request.target.parameter("machine")) {
    Machines machines = machines_of(world_, *plan);
    whose = machines.find(*text);
    if (!whose) return not_found(machines.unknown(*text));
  }
  const FoundMachine* one = whose ? &*whose : nullptr;
  if (wants_stream(request)) return follow(request, *since, one);

  EventList list;
  for (const timeline::Event& event : past_events(world_, *since, std::min(*most, most_events), one)) {
    if (fits(request, "kind", to_string(event.kind)))
      list.events.push_back(view(event, Names(*plan, world_.timeline)));
  }
  list.last_sequence = world_.timeline.last_sequence();
  return answer(list);
}

/// Which events a follower of this machine wants. One that is configured by its UUID, say, may show its first
/// network card only later.
EventFeed::Wants EventDesk::wanted_of(const FoundMachine& whose) const {
  std::string name = whose.named ? whose.named->name : "";
  return [this, name, macs = whose.macs](const timeline::Event& event) {
    auto about = event.machine ? event.machine : event.meant;
    if (!about) return false;
    bool known = std::find(macs.begin(), macs.end(), *about) != macs.end();
    return known || (!name.empty() && world_.timeline.name_of(*about) == name);
  };
}

/// First what was missed, when the follower says what it saw last; then everything as it happens. Numbers
/// begin anew with the daemon, and not all is kept: a follower that cannot be told all it missed is told so.
Response EventDesk::follow(const Request& request, std::uint64_t since, const FoundMachine* whose) {
  const std::string& id = request.fields.last_event_id;
  bool resumes = !id.empty();
  if (resumes) std::from_chars(id.data(), id.data() + id.size(), since);
  bool wants_past = resumes || request.target.parameter("since");
  bool other_life = since > world_.timeline.last_sequence();
  if (other_life) since = 0;
  auto plan = world_.plan();
  auto past = wants_past ? past_events(world_, since, most_missed, whose) : std::vector<timeline::Event>{};
  bool gap = !whose && !past.empty() && past.front().sequence > since + 1;
  auto writer = feed_.follow(whose ? wanted_of(*whose) : nullptr);
  if (resumes && (other_life || gap)) writer->write("event: reset\ndata: {}\n\n");
  for (const timeline::Event& event : past)
    writer->write(EventFeed::render(event, Names(*plan, world_.timeline)));
  Response response;
  response.content_type = "text/event-stream";
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = http::Stream{std::move(writer)};
  return response;
}

void EventDesk::publish(const timeline::Event& event) {
  if (feed_.size() == 0) return;
  auto plan = world_.plan();
  feed_.publish(event, Names(*plan, world_.timeline));
}

}  // namespace slipway::api
