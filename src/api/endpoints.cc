// SPDX-License-Identifier: MPL-2.0
#include "api/endpoints.h"

#include <fmt/format.h>

#include "api/answer.h"
#include "api/assignments.h"
#include "api/audit_entry.h"
#include "api/daemon_desk.h"
#include "api/event_desk.h"
#include "api/image_desk.h"
#include "api/lease_desk.h"
#include "api/machine_desk.h"
#include "api/openapi.h"
#include "api/query_words.h"
#include "api/secret.h"
#include "api/site_desk.h"
#include "api/token_desk.h"
#include "http/files.h"

namespace slipway::api {

using http::Captures;
using http::Method;
using http::Request;
using http::Response;

struct Desks {
  explicit Desks(const World& world)
      : daemon(world),
        machines(world),
        events(world),
        images(world),
        assignments(world),
        leases(world),
        site(world),
        tokens(world) {}

  Response status(const Request&, const Captures&) { return daemon.status(events.followers()); }
  Response description(const Request&, const Captures&) {
    Response response = http::text(200, openapi(Endpoints::table()));
    response.content_type = "application/json";
    return response;
  }

  DaemonDesk daemon;
  MachineDesk machines;
  EventDesk events;
  ImageDesk images;
  AssignmentDesk assignments;
  LeaseDesk leases;
  SiteDesk site;
  TokenDesk tokens;
};

namespace {

struct Row {
  EndpointDoc doc;
  Response (*answer)(Desks&, const Request&, const Captures&);
};

/// A row's handler: this member of this desk.
template <auto Desk, auto Work>
Response at(Desks& desks, const Request& request, const Captures& captures) {
  return ((desks.*Desk).*Work)(request, captures);
}
template <auto Work>
Response here(Desks& desks, const Request& request, const Captures& captures) {
  return (desks.*Work)(request, captures);
}

#define SLIPWAY_PAGES "limit=integer: how many at once, 1000 at most\ncursor: `next` of the page before"
constexpr std::string_view machine_filters =
    "q: only with this text in name, address or MAC address\nprofile: only those that boot it\n"
    "group: only its machines\nverdict=verdict: only with this verdict of the newest boot\n"
    "stage=stage: only those that reached it last\nfailed=flag: only those whose newest boot failed, or did "
    "not\n"
    "named=flag: only those of the configuration, or only strangers\n" SLIPWAY_PAGES;
constexpr std::string_view boot_filters =
    "verdict=verdict: only with this one\nfailed=flag: only those that failed, or did not\n" SLIPWAY_PAGES;
constexpr std::string_view lease_filters =
    "subnet=network: only of this network\nstate=lease: only active, expired, released or declined ones\n"
    "mac=mac: only of this MAC address, in any spelling\nmachine: only of the machine of this "
    "name\n" SLIPWAY_PAGES;
constexpr std::string_view event_filters =
    "since=integer: only events with a greater sequence number\nmachine: only this machine's\n"
    "kind=event: only of this kind\nlimit=integer: the newest so many of them (1000); not of a stream\n"
    "follow=flag: 1 keeps the answer open as text/event-stream, as does asking for that type";
constexpr std::string_view orders = "/api/v1/assignments";  // all of them show in it

const std::vector<Row>& rows() {
  using D = Desks;
  using M = MachineDesk;
  using A = AssignmentDesk;
  using L = LeaseDesk;
  static const std::vector<Row> table{
      {{Method::get, "/api/v1/status", "The daemon at a glance", "", "StatusView"}, here<&D::status>},
      {{Method::get, "/api/v1/machines",
        "Every machine, named or only seen, with the verdict of its newest boot", machine_filters,
        "MachineList", "", "400"},
       at<&D::machines, &M::list>},
      {{Method::get, "/api/v1/machines/{machine}", "One machine, by name, MAC address, UUID or IP address",
        "", "MachineView", "", "404"},
       at<&D::machines, &M::show>},
      {{Method::get, "/api/v1/machines/{machine}/explain",
        "Its last boots, stage by stage, and why one stopped",
        "boots=integer: how many, newest first (1)\nevents=flag: 1 adds the events of these boots",
        "Explanation", "", "400 404"},
       at<&D::machines, &M::explain>},
      {{Method::get, "/api/v1/machines/{machine}/preview",
        "What it would be served, and what lint says of it",
        "arch: bios, uefi or arm64\nloader: ipxe, pxelinux, grub, menu.lst or illumos", "PreviewView", "",
        "400 404"},
       at<&D::machines, &M::preview>},
      {{Method::get, "/api/v1/machines/{machine}/boots", "Its boots, newest first", boot_filters, "BootList",
        "", "400 404"},
       at<&D::machines, &M::boots_of>},
      {{Method::get, "/api/v1/boots", "The last boots of all machines, newest first (100 at once)",
        boot_filters, "BootList", "", "400"},
       at<&D::machines, &M::boots>},
      {{Method::get, "/api/v1/boots/{boot}", "One boot with its packets and transfers", "", "BootDetail", "",
        "400 404"},
       at<&D::machines, &M::boot>},
      {{Method::get, "/api/v1/events", "What happened, oldest first, or as it happens", event_filters,
        "EventList", "", "400 404"},
       at<&D::events, &EventDesk::list>},
      {{Method::get, "/api/v1/images", "The images in the store",
        "kind=image: only of this kind\n" SLIPWAY_PAGES, "ImageList", "", "400"},
       at<&D::images, &ImageDesk::list>},
      {{Method::get, "/api/v1/images/{image}",
        "One image with its files, by id, its first digits, or version", "", "ImageView", "", "404"},
       at<&D::images, &ImageDesk::show>},
      {{Method::post, "/api/v1/images/refresh",
        "Look into the image store again, after an import or a removal", "", "Done"},
       at<&D::images, &ImageDesk::refresh>},
      {{Method::post, "/api/v1/images/{image}/pin", "Keep an image, whether or not anything needs it", "",
        "Assigned", "", "404", orders},
       at<&D::assignments, &A::pin>},
      {{Method::delete_, "/api/v1/images/{image}/pin", "Keep it no longer than it is needed", "", "Assigned",
        "", "404", orders},
       at<&D::assignments, &A::unpin>},
      {{Method::get, "/api/v1/assignments", "Which images are assigned to whom, boots ordered once, pins", "",
        "AssignmentList"},
       at<&D::assignments, &A::list>},
      {{Method::post, "/api/v1/assignments",
        "Assign an image: durable when answered; machines that run are not touched", "", "Assigned",
        "AssignmentOrder", "400 404 409 422", orders},
       at<&D::assignments, &A::assign>},
      {{Method::post, "/api/v1/assignments/rollback",
        "Back to what was assigned before; once more goes back further", "", "Assigned", "AssignmentOrder",
        "400 404 409", orders},
       at<&D::assignments, &A::roll_back>},
      {{Method::post, "/api/v1/assignments/remove", "From now on the file says what is booted", "",
        "Assigned", "AssignmentOrder", "400 404 409", orders},
       at<&D::assignments, &A::take_back>},
      {{Method::get, "/api/v1/assignments/history", "What was assigned, rolled back, taken back",
        "to=assignee: only of machine, group or everyone\nname: only of the machine or group of this "
        "name\n" SLIPWAY_PAGES,
        "AssignmentHistory", "", "400 404"},
       at<&D::assignments, &A::history>},
      {{Method::post, "/api/v1/machines/{machine}/boot-once", "What it boots the next time, and never after",
        "", "Assigned", "BootOnceOrder", "400 404 409 422", orders},
       at<&D::assignments, &A::boot_once>},
      {{Method::delete_, "/api/v1/machines/{machine}/boot-once", "Take that order back", "", "Assigned", "",
        "404 409", orders},
       at<&D::assignments, &A::cancel_once>},
      {{Method::delete_, "/api/v1/machines/{machine}/memory",
        "Forget what it ran and was assigned: it is gone for good", "", "Assigned", "", "404", orders},
       at<&D::assignments, &A::forget>},
      {{Method::get, "/api/v1/leases", "Every lease that is known", lease_filters, "LeaseList", "", "400"},
       at<&D::leases, &L::list>},
      {{Method::get, "/api/v1/leases/{address}", "What is known of one address", "", "LeaseView", "",
        "400 404"},
       at<&D::leases, &L::show>},
      {{Method::delete_, "/api/v1/leases/{address}", "Release a lease, as its client could", "", "Done", "",
        "400 404 409", "/api/v1/leases/{address}", 202},
       at<&D::leases, &L::release>},
      {{Method::post, "/api/v1/leases/import",
        "Take over leases of another server; answered when each is durable or skipped", "",
        "LeaseImportResult", "LeaseImport", "400"},
       at<&D::leases, &L::import>},
      {{Method::get, "/api/v1/subnets", "The subnets with their pools and how full these are", "",
        "SubnetList"},
       at<&D::site, &SiteDesk::subnets>},
      {{Method::get, "/api/v1/profiles", "What there is to boot, as the configuration says it", "",
        "ProfileList"},
       at<&D::site, &SiteDesk::profiles>},
      {{Method::get, "/api/v1/groups", "The groups of machines", "", "GroupList"},
       at<&D::site, &SiteDesk::groups>},
      {{Method::get, "/api/v1/tokens", "Who may use this API from other machines", "", "TokenList"},
       at<&D::tokens, &TokenDesk::list>},
      {{Method::post, "/api/v1/tokens",
        "Make a token, over the unix socket alone; its secret is told this once", "", "TokenCreated",
        "TokenOrder", "400 409", "", 201},
       at<&D::tokens, &TokenDesk::create>},
      {{Method::delete_, "/api/v1/tokens/{token}",
        "Revoke it, over the unix socket alone: it opens nothing any more", "", "Done", "", "404"},
       at<&D::tokens, &TokenDesk::revoke>},
      {{Method::get, "/api/v1/audit", "Every change that was asked for, newest first (100 at once)",
        "who: only by this one\n" SLIPWAY_PAGES, "AuditList", "", "400"},
       at<&D::tokens, &TokenDesk::audit>},
      {{Method::post, "/api/v1/reload", "Read the configuration again: all of it or nothing", "", "Done", "",
        "422"},
       at<&D::daemon, &DaemonDesk::reload>},
      {{Method::get, "/api/v1/openapi.json", "This description", "", "application/json"},
       here<&D::description>},
      {{Method::get, "/healthz", "200 while the daemon turns", "", "text/plain"},
       at<&D::daemon, &DaemonDesk::health>},
      {{Method::get, "/readyz", "200 while machines can boot, 503 with the reason otherwise", "",
        "text/plain", "", "503"},
       at<&D::daemon, &DaemonDesk::readiness>},
      {{Method::get, "/metrics", "Counters in the Prometheus text format", "", "text/plain"},
       at<&D::daemon, &DaemonDesk::metrics>},
  };
  return table;
}
#undef SLIPWAY_PAGES

std::string entity_tag(const Response& response) {
  const auto* body = std::get_if<std::string>(&response.body);
  return body ? hash_of(*body).substr(0, 32) : "";
}

std::string filled_in(std::string_view pattern, const Captures& captures) {
  std::string path;
  for (;;) {
    auto open = pattern.find('{');
    path += pattern.substr(0, open);
    if (open == pattern.npos) return path;
    auto close = pattern.find('}', open);
    path += captures[pattern.substr(open + 1, close - open - 1)];
    pattern.remove_prefix(close + 1);
  }
}

/// Outside of /api/ nothing can be changed: there is nothing to write down.
bool is_below_api(const Request& request) {
  const auto& path = request.target.path.components();
  return !path.empty() && path.front() == "api";
}

}  // namespace

Endpoints::Endpoints(World world)
    : world_(std::move(world)),
      door_(world_),
      streams_(world_),
      desks_(std::make_unique<Desks>(world_)),
      router_(problem_refusal) {
  for (const Row& row : rows()) {
    router_.add(row.doc.method, row.doc.path, [this, &row](const Request& request, const Captures& captures) {
      bool strict = is_below_api(request);  // who watches /healthz may add what keeps caches away
      if (auto wrong = strict ? check_query(row.doc.query, request.target) : std::nullopt)
        return std::move(*wrong);
      if (auto refused = check_match(row.doc, request, captures)) return std::move(*refused);
      return row.answer(*desks_, request, captures);
    });
  }
}
Endpoints::~Endpoints() = default;

Response Endpoints::handle(const Request& request) {
  auto visitor = door_.admit(request);
  if (!visitor) return visitor.error();
  Response response = answer(*visitor, request);
  response.trusted = !visitor->token.empty();
  return response;
}

std::optional<Response> Endpoints::look_at_head(const Request& request) {
  if (!is_below_api(request)) return std::nullopt;
  auto visitor = door_.admit(request);
  return visitor ? std::nullopt : std::optional(visitor.error());
}

Response Endpoints::answer(const Visitor& visitor, const Request& request) {
  if (is_question(request.method) || !is_below_api(request)) return read(visitor, request);
  Response response =
      visitor.may_write ? router_.handle(request)
                        : problem(403, fmt::format("{} may only read", visitor.who),
                                  "use a token of scope write, or the socket as root or as slipwayd's group");
  world_.note_change(audit_entry(visitor, request, response, world_.now()));
  streams_.end_unless([this](const std::string& token) { return door_.is_good(token); });
  return response;
}

Response Endpoints::read(const Visitor& visitor, const Request& request) {
  Response response = router_.handle(request);
  if (auto* stream = std::get_if<http::Stream>(&response.body)) {
    if (auto full = streams_.admit(visitor, stream->writer)) return std::move(*full);
  }
  response.headers.push_back({"Slipway-Scope", visitor.may_write ? "write" : "read"});
  std::string tag = response.status == 200 ? entity_tag(response) : "";
  if (tag.empty() || response.content_type != "application/json") return response;
  response.headers.push_back({"ETag", '"' + tag + '"'});
  response.headers.push_back({"Cache-Control", "private, no-cache"});
  if (http::names_etag(request.fields.if_none_match, tag, true)) {
    response.status = 304;
    response.body = std::string();
  }
  return response;
}

/// A change that is meant for what its sender saw: it is not made to anything else (RFC 9110 §13.1.1).
std::optional<Response> Endpoints::check_match(const EndpointDoc& doc, const Request& request,
                                               const Captures& captures) {
  if (request.fields.if_match.empty() || is_question(doc.method)) return std::nullopt;
  if (doc.guard.empty())
    return problem(412, "nothing here has an entity tag that If-Match could mean", "leave If-Match out");
  Request question;
  question.peer = request.peer;
  auto path = SafePath::parse(filled_in(doc.guard, captures));
  if (path) question.target.path = *path;
  Response now = router_.handle(question);
  if (!path || now.status != 200 || !http::names_etag(request.fields.if_match, entity_tag(now), false))
    return problem(412, fmt::format("{} is not any more what If-Match says", filled_in(doc.guard, captures)),
                   "look at it again, then decide again");
  return std::nullopt;
}

void Endpoints::publish(const timeline::Event& event) {
  desks_->events.publish(event);
}
void Endpoints::keep_alive() {
  streams_.end_unless([this](const std::string& token) { return door_.is_good(token); });
  desks_->events.keep_alive();
}
std::size_t Endpoints::followers() const {
  return desks_->events.followers();
}

std::vector<EndpointDoc> Endpoints::table() {
  std::vector<EndpointDoc> docs;
  for (const Row& row : rows()) docs.push_back(row.doc);
  return docs;
}

}  // namespace slipway::api
