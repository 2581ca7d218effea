// SPDX-License-Identifier: MPL-2.0
#include "api/endpoints.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/answer.h"
#include "api/assignments.h"
#include "api/event_feed.h"
#include "api/machines.h"
#include "api/openapi.h"
#include "api/views.h"
#include "base/nearest.h"

namespace slipway::api {
namespace {

using http::Captures;
using http::Method;
using http::Request;
using http::Response;

constexpr std::uint64_t most_events = 4096;
constexpr std::uint64_t most_missed = 1000;  // a stream begins with at most so many past events

/// A number in the query; `otherwise` when absent, nothing when it is no number.
std::optional<std::uint64_t> number(const Request& request, std::string_view name, std::uint64_t otherwise) {
  auto text = request.target.parameter(name);
  if (!text) return otherwise;
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

bool flag(const Request& request, std::string_view name) {
  auto text = request.target.parameter(name);
  return text && *text != "0" && *text != "false";
}

Response not_a_number(std::string_view name) {
  return problem(400, fmt::format("{} is not a number", name), "give a whole number or leave it out");
}

Response not_found(const Fault& fault) {
  return problem(404, fault.what, fault.remedy);
}

}  // namespace

class Endpoints::Body {
 public:
  explicit Body(World world) : world_(std::move(world)) {}

  Response status(const Request&, const Captures&);
  Response machines(const Request&, const Captures&);
  Response machine(const Request&, const Captures&);
  Response explain(const Request&, const Captures&);
  Response events(const Request&, const Captures&);
  Response images(const Request&, const Captures&);
  Response image(const Request&, const Captures&);
  Response pin(const Request&, const Captures& captures) { return desk_.pin(captures["image"], true); }
  Response unpin(const Request&, const Captures& captures) { return desk_.pin(captures["image"], false); }
  Response assignments(const Request&, const Captures&) { return desk_.list(); }
  Response assign(const Request& request, const Captures&) { return desk_.assign(request); }
  Response roll_back(const Request& request, const Captures&) { return desk_.roll_back(request); }
  Response take_back(const Request& request, const Captures&) { return desk_.take_back(request); }
  Response assignment_history(const Request& request, const Captures&) { return desk_.history(request); }
  Response boot_once(const Request& request, const Captures& captures) {
    return desk_.boot_once(captures["machine"], request);
  }
  Response forget(const Request&, const Captures& captures) { return desk_.forget(captures["machine"]); }
  Response cancel_once(const Request&, const Captures& captures) {
    return desk_.cancel_once(captures["machine"]);
  }
  Response refresh_images(const Request&, const Captures&);
  Response leases(const Request&, const Captures&);
  Response release_lease(const Request&, const Captures&);
  Response import_leases(const Request&, const Captures&);
  Response subnets(const Request&, const Captures&);
  Response reload(const Request&, const Captures&);
  Response description(const Request&, const Captures&);
  Response health(const Request&, const Captures&);
  Response readiness(const Request&, const Captures&);
  Response metrics(const Request&, const Captures&);

  void publish(const timeline::Event& event);

  struct Row {
    EndpointDoc doc;
    Response (Body::*handler)(const Request&, const Captures&);
  };
  static const std::vector<Row>& rows();

  World world_;
  AssignmentDesk desk_{world_};
  EventFeed feed_;

 private:
  Response follow(const Request& request, std::uint64_t since, const std::optional<FoundMachine>& whose);
  EventFeed::Wants wanted_of(const FoundMachine& whose) const;
  std::vector<timeline::Event> past_events(std::uint64_t since, std::uint64_t most,
                                           const std::optional<FoundMachine>& whose) const;
};

// --- the table -------------------------------------------------------------------------------------

const std::vector<Endpoints::Body::Row>& Endpoints::Body::rows() {
  static const std::vector<Row> rows{
      {{Method::get, "/api/v1/status", "The daemon at a glance", "", "StatusView"}, &Body::status},
      {{Method::get, "/api/v1/machines",
        "Every machine, named or only seen, with the verdict of its newest boot", "", "MachineList"},
       &Body::machines},
      {{Method::get, "/api/v1/machines/{machine}", "One machine, by name, MAC address, UUID or IP address",
        "", "MachineView"},
       &Body::machine},
      {{Method::get, "/api/v1/machines/{machine}/explain",
        "Its last boots, stage by stage, and why one stopped",
        "boots: how many, newest first (1)\nevents: 1 adds the events of these boots", "Explanation"},
       &Body::explain},
      {{Method::get, "/api/v1/events", "What happened, oldest first, or as it happens",
        "since: only events with a greater sequence number\nmachine: only this machine's\n"
        "limit: the newest so many (1000)\nfollow: 1 keeps the answer open as text/event-stream",
        "EventList"},
       &Body::events},
      {{Method::get, "/api/v1/images", "The images in the store", "", "ImageList"}, &Body::images},
      {{Method::get, "/api/v1/images/{image}",
        "One image with its files, by id, its first digits, or version", "", "ImageView"},
       &Body::image},
      {{Method::post, "/api/v1/images/refresh",
        "Look into the image store again, after an import or a removal", "", "Done"},
       &Body::refresh_images},
      {{Method::post, "/api/v1/images/{image}/pin", "Keep an image, whether or not anything needs it", "",
        "Assigned"},
       &Body::pin},
      {{Method::delete_, "/api/v1/images/{image}/pin", "Keep it no longer than it is needed", "", "Assigned"},
       &Body::unpin},
      {{Method::get, "/api/v1/assignments", "Which images are assigned to whom, boots ordered once, pins", "",
        "AssignmentList"},
       &Body::assignments},
      {{Method::post, "/api/v1/assignments",
        "Assign an image: durable when answered; machines that run are not touched", "", "Assigned",
        "AssignmentOrder"},
       &Body::assign},
      {{Method::post, "/api/v1/assignments/rollback",
        "Back to what was assigned before; once more goes back further", "", "Assigned", "AssignmentOrder"},
       &Body::roll_back},
      {{Method::post, "/api/v1/assignments/remove", "From now on the file says what is booted", "",
        "Assigned", "AssignmentOrder"},
       &Body::take_back},
      {{Method::get, "/api/v1/assignments/history", "What was assigned, rolled back, taken back",
        "to: only of machine, group or everyone\nname: only of the machine or group of this name",
        "AssignmentHistory"},
       &Body::assignment_history},
      {{Method::post, "/api/v1/machines/{machine}/boot-once", "What it boots the next time, and never after",
        "", "Assigned", "BootOnceOrder"},
       &Body::boot_once},
      {{Method::delete_, "/api/v1/machines/{machine}/boot-once", "Take that order back", "", "Assigned"},
       &Body::cancel_once},
      {{Method::delete_, "/api/v1/machines/{machine}/memory",
        "Forget what it ran and was assigned: it is gone for good", "", "Assigned"},
       &Body::forget},
      {{Method::get, "/api/v1/leases", "Every lease that is known", "", "LeaseList"}, &Body::leases},
      {{Method::delete_, "/api/v1/leases/{address}", "Release a lease, as its client could", "", "Done"},
       &Body::release_lease},
      {{Method::post, "/api/v1/leases/import",
        "Take over leases of another server; answered when each is durable or skipped", "",
        "LeaseImportResult", "LeaseImport"},
       &Body::import_leases},
      {{Method::get, "/api/v1/subnets", "The subnets with their pools and how full these are", "",
        "SubnetList"},
       &Body::subnets},
      {{Method::post, "/api/v1/reload", "Read the configuration again: all of it or nothing", "", "Done"},
       &Body::reload},
      {{Method::get, "/api/v1/openapi.json", "This description", "", "application/json"}, &Body::description},
      {{Method::get, "/healthz", "200 while the daemon turns", "", "text/plain"}, &Body::health},
      {{Method::get, "/readyz", "200 while machines can boot, 503 with the reason otherwise", "",
        "text/plain"},
       &Body::readiness},
      {{Method::get, "/metrics", "Counters in the Prometheus text format", "", "text/plain"}, &Body::metrics},
  };
  return rows;
}

// --- questions -------------------------------------------------------------------------------------

Response Endpoints::Body::status(const Request&, const Captures&) {
  auto plan = world_.plan();
  StatusView view;
  view.version = world_.version;
  view.started = world_.started;
  view.now = world_.now();
  view.reason = world_.not_ready();
  view.ready = view.reason.empty();
  view.subnets = plan->subnets().size();
  view.machines = plan->machines().size();
  view.images = plan->images().size();
  view.leases = world_.book.size();
  view.offers = world_.book.offers();
  view.events = world_.timeline.last_sequence();
  view.followers = feed_.size();
  view.foreign_servers = world_.foreign_servers();
  return answer(view);
}

Response Endpoints::Body::machines(const Request&, const Captures&) {
  auto plan = world_.plan();
  Machines machines(*plan, world_.book, world_.timeline, world_.now(), &world_.assignments);
  MachineList list;
  for (const FoundMachine& machine : machines.all()) list.machines.push_back(machines.view(machine));
  return answer(list);
}

Response Endpoints::Body::machine(const Request&, const Captures& captures) {
  auto plan = world_.plan();
  Machines machines(*plan, world_.book, world_.timeline, world_.now(), &world_.assignments);
  auto found = machines.find(captures["machine"]);
  return found ? answer(machines.view(*found)) : not_found(machines.unknown(captures["machine"]));
}

Response Endpoints::Body::explain(const Request& request, const Captures& captures) {
  auto most = number(request, "boots", 1);
  if (!most) return not_a_number("boots");
  auto plan = world_.plan();
  Machines machines(*plan, world_.book, world_.timeline, world_.now(), &world_.assignments);
  auto found = machines.find(captures["machine"]);
  if (!found) return not_found(machines.unknown(captures["machine"]));

  Explanation explanation{machines.view(*found), {}, {}};
  auto boots = machines.boots(*found);
  boots.resize(std::min<std::size_t>(boots.size(), *most));
  for (const timeline::Boot& boot : boots) explanation.boots.push_back(view(boot));
  if (flag(request, "events")) {
    for (const timeline::Event& event : past_events(0, most_events, found)) {
      // Without a boot the events are all there is to tell.
      bool belongs = boots.empty() || std::any_of(boots.begin(), boots.end(),
                                                  [&](const auto& b) { return b.id == event.boot; });
      if (belongs) explanation.events.push_back(view(event, Names(*plan, world_.timeline)));
    }
  }
  return answer(explanation);
}

std::vector<timeline::Event> Endpoints::Body::past_events(std::uint64_t since, std::uint64_t most,
                                                          const std::optional<FoundMachine>& whose) const {
  if (!whose) return world_.timeline.recent(since, most);
  std::vector<timeline::Event> events;
  for (const MacAddress& mac : whose->macs) {
    for (timeline::Event& event : world_.timeline.events(mac)) {
      if (event.sequence > since) events.push_back(std::move(event));
    }
  }
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
  if (events.size() > most) events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(most));
  return events;
}

Response Endpoints::Body::events(const Request& request, const Captures&) {
  auto since = number(request, "since", 0);
  auto most = number(request, "limit", 1000);
  if (!since) return not_a_number("since");
  if (!most) return not_a_number("limit");
  auto plan = world_.plan();
  std::optional<FoundMachine> whose;
  if (auto text = request.target.parameter("machine")) {
    Machines machines(*plan, world_.book, world_.timeline, world_.now(), &world_.assignments);
    whose = machines.find(*text);
    if (!whose) return not_found(machines.unknown(*text));
  }
  if (flag(request, "follow")) return follow(request, *since, whose);

  EventList list;
  for (const timeline::Event& event : past_events(*since, std::min(*most, most_events), whose))
    list.events.push_back(view(event, Names(*plan, world_.timeline)));
  list.last_sequence = world_.timeline.last_sequence();
  return answer(list);
}

/// Which events a follower of this machine wants. One that is configured by its UUID, say, may show its first
/// network card only later.
EventFeed::Wants Endpoints::Body::wanted_of(const FoundMachine& whose) const {
  std::string name = whose.named ? whose.named->name : "";
  return [this, name, macs = whose.macs](const timeline::Event& event) {
    if (!event.machine) return false;
    bool known = std::find(macs.begin(), macs.end(), *event.machine) != macs.end();
    return known || (!name.empty() && world_.timeline.name_of(*event.machine) == name);
  };
}

/// First what was missed, when the follower says what it saw last; then everything as it happens.
Response Endpoints::Body::follow(const Request& request, std::uint64_t since,
                                 const std::optional<FoundMachine>& whose) {
  if (!request.fields.last_event_id.empty()) {
    const std::string& id = request.fields.last_event_id;
    std::from_chars(id.data(), id.data() + id.size(), since);
  }
  bool wants_past = request.target.parameter("since") || !request.fields.last_event_id.empty();
  auto plan = world_.plan();
  auto past = wants_past ? past_events(since, most_missed, whose) : std::vector<timeline::Event>{};
  auto writer = feed_.follow(whose ? wanted_of(*whose) : nullptr);
  for (const timeline::Event& event : past)
    writer->write(EventFeed::render(event, Names(*plan, world_.timeline)));
  Response response;
  response.content_type = "text/event-stream";
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = http::Stream{std::move(writer)};
  return response;
}

Response Endpoints::Body::images(const Request&, const Captures&) {
  auto plan = world_.plan();
  ImageList list;
  auto usage = assign::usage_of(world_.assignments, *plan);
  for (const model::Image& image : plan->images()) list.images.push_back(view(image, *plan, usage, false));
  return answer(list);
}

Response Endpoints::Body::image(const Request&, const Captures& captures) {
  auto plan = world_.plan();
  if (const model::Image* image = plan->find_image(captures["image"]))
    return answer(view(*image, *plan, assign::usage_of(world_.assignments, *plan), true));
  std::vector<std::string_view> versions;
  for (const model::Image& image : plan->images()) versions.push_back(image.version);
  auto meant = nearest(captures["image"], versions);
  return problem(404,
                 fmt::format("no image \"{}\" is in the store{}", captures["image"],
                             meant ? fmt::format("; did you mean {}?", *meant) : ""),
                 "`slipway image list` shows them, `slipway image import` adds one");
}

Response Endpoints::Body::leases(const Request&, const Captures&) {
  auto plan = world_.plan();
  Instant now = world_.now();
  LeaseList list;
  for (const lease::Lease& lease : world_.book.list())
    list.leases.push_back(view(lease, Names(*plan, world_.timeline), now));
  return answer(list);
}

Response Endpoints::Body::subnets(const Request&, const Captures&) {
  auto plan = world_.plan();
  auto leases = world_.book.list();
  SubnetList list;
  for (const model::Subnet& subnet : plan->subnets())
    list.subnets.push_back(view(subnet, leases, world_.now()));
  return answer(list);
}

Response Endpoints::Body::description(const Request&, const Captures&) {
  Response response = http::text(200, openapi(Endpoints::table()));
  response.content_type = "application/json";
  return response;
}

Response Endpoints::Body::health(const Request&, const Captures&) {
  return http::text(200, "ok\n");
}

Response Endpoints::Body::readiness(const Request&, const Captures&) {
  std::string reason = world_.not_ready();
  return reason.empty() ? http::text(200, "ready\n") : http::text(503, reason + "\n");
}

Response Endpoints::Body::metrics(const Request&, const Captures&) {
  Response response = http::text(200, world_.metrics.exposition());
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

void Endpoints::Body::publish(const timeline::Event& event) {
  if (feed_.size() == 0) return;
  auto plan = world_.plan();
  feed_.publish(event, Names(*plan, world_.timeline));
}

// --- actions ---------------------------------------------------------------------------------------

Response Endpoints::Body::refresh_images(const Request&, const Captures&) {
  auto done = world_.refresh_images();
  return done ? answer(Done{*done}) : problem(500, done.error().what, done.error().remedy);
}

Response Endpoints::Body::reload(const Request&, const Captures&) {
  auto done = world_.reload();
  if (done) return answer(Done{*done});
  ProblemDetails details;
  details.status = 422;
  details.detail = "the configuration has errors; the one in force stays";
  details.remedy = "correct them and reload again; `slipway check` shows them, too";
  for (const Problem& each : done.error()) details.problems.push_back(each.to_string());
  return problem(std::move(details));
}

Response Endpoints::Body::release_lease(const Request&, const Captures& captures) {
  auto address = Ipv4::parse(captures["address"]);
  if (!address)
    return problem(400, fmt::format("\"{}\" is no IPv4 address", captures["address"]),
                   "write it as 10.0.0.1");
  const lease::Lease* lease = world_.book.at(*address);
  if (!lease || !lease->holds(world_.now()))
    return problem(404, fmt::format("nobody holds {}", address->to_string()),
                   "`slipway lease list` shows who has what");
  auto done = world_.release_lease(*address);
  return done ? answer(Done{*done}, 202) : problem(409, done.error().what, done.error().remedy);
}

Response Endpoints::Body::import_leases(const Request& request, const Captures&) {
  auto asked = from_json<LeaseImport>(request.body);
  if (!asked) return problem(400, asked.error().what, "send {\"leases\": [...]} as the description says");
  std::vector<migrate::ForeignLease> leases;
  for (const ForeignLeaseView& view : asked->leases) {
    auto lease = foreign_lease_of(view);
    if (!lease) return problem(400, fmt::format("the lease of \"{}\" cannot be read", view.address));
    leases.push_back(std::move(*lease));
  }
  auto writer = std::make_shared<http::StreamWriter>();
  Response response;
  response.content_type = "application/json";
  response.body = http::Stream{writer};
  world_.import_leases(std::move(leases), [writer](const LeaseImportResult& result) {
    writer->write(to_json(result) + "\n");
    writer->finish();
  });
  return response;
}

// --- the face --------------------------------------------------------------------------------------

Endpoints::Endpoints(World world)
    : body_(std::make_unique<Body>(std::move(world))), router_(problem_refusal) {
  for (const Body::Row& row : Body::rows()) {
    router_.add(
        row.doc.method, row.doc.path,
        [body = body_.get(), handler = row.handler](const Request& request, const Captures& captures) {
          return (body->*handler)(request, captures);
        });
  }
}
Endpoints::~Endpoints() = default;

void Endpoints::publish(const timeline::Event& event) {
  body_->publish(event);
}
void Endpoints::keep_alive() {
  body_->feed_.keep_alive();
}
std::size_t Endpoints::followers() const {
  return body_->feed_.size();
}

std::vector<EndpointDoc> Endpoints::table() {
  std::vector<EndpointDoc> docs;
  for (const Body::Row& row : Body::rows()) docs.push_back(row.doc);
  return docs;
}

}  // namespace slipway::api
