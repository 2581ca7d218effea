// SPDX-License-Identifier: MPL-2.0
#include "api/endpoints.h"

#include <map>

#include <gmock/gmock.h>

#include "api/openapi.h"
#include "api/test_api.h"
#include "api/views.h"
#include "base/test_golden.h"

namespace slipway::api::testing {
namespace {

using http::Method;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Endpoints, TellTheDaemonAtAGlance) {
  Api api;
  auto status = read<StatusView>(api.get("/api/v1/status"));
  EXPECT_TRUE(status.ready);
  EXPECT_EQ(status.version, "0.1");
  EXPECT_EQ(status.machines, 4u);
  EXPECT_EQ(status.images, 2u);
  EXPECT_EQ(status.leases, 3u);
  EXPECT_EQ(status.events, 2u);
}

TEST(Endpoints, ExplainAMachineStageByStage) {
  Api api;
  auto explanation = read<Explanation>(api.get("/api/v1/machines/node1/explain?events=1"));
  EXPECT_EQ(explanation.machine.name, "node1");
  ASSERT_EQ(explanation.boots.size(), 1u);
  EXPECT_EQ(explanation.boots[0].stages.size(), timeline::stage_count);
  EXPECT_EQ(explanation.boots[0].stages[0].state, "done");
  EXPECT_TRUE(explanation.boots[0].stages[0].at);
  EXPECT_EQ(explanation.events.size(), 2u);
  EXPECT_TRUE(read<Explanation>(api.get("/api/v1/machines/52-54-00-00-00-01/explain")).events.empty());
  EXPECT_TRUE(read<Explanation>(api.get("/api/v1/machines/node1/explain?boots=0")).boots.empty());
}

TEST(Endpoints, NameTheNearestMachineWhenOneIsUnknown) {
  Api api;
  http::Response response = api.get("/api/v1/machines/nod1/explain");
  EXPECT_EQ(response.status, 404);
  ProblemDetails details = problem_of(response);
  EXPECT_EQ(details.title, "Not Found");
  EXPECT_THAT(details.detail, HasSubstr("did you mean node1?"));
  EXPECT_TRUE(details.remedy);
  EXPECT_EQ(problem_of(api.get("/api/v1/machines/nod1")).status, 404);
  EXPECT_EQ(problem_of(api.get("/api/v1/events?machine=nod1")).status, 404);
}

TEST(Endpoints, ListEventsAfterANumber) {
  Api api;
  auto all = read<EventList>(api.get("/api/v1/events"));
  EXPECT_EQ(all.events.size(), 2u);
  EXPECT_EQ(all.events[0].kind, "dhcp_discover");
  EXPECT_EQ(all.events[0].machine_name, "node1");
  EXPECT_EQ(all.last_sequence, 2u);
  EXPECT_EQ(read<EventList>(api.get("/api/v1/events?since=1")).events.size(), 1u);
  EXPECT_EQ(read<EventList>(api.get("/api/v1/events?limit=1")).events[0].kind, "dhcp_offer");
  EXPECT_EQ(read<EventList>(api.get("/api/v1/events?machine=node1")).events.size(), 2u);
  EXPECT_EQ(read<EventList>(api.get("/api/v1/events?machine=node1&since=1&limit=5")).events.size(), 1u);
  EXPECT_TRUE(read<EventList>(api.get("/api/v1/events?machine=node2")).events.empty());
  EXPECT_EQ(problem_of(api.get("/api/v1/events?since=x")).status, 400);
  EXPECT_EQ(problem_of(api.get("/api/v1/events?limit=-1")).status, 400);
}

TEST(Endpoints, StreamEventsAsTheyHappen) {
  Api api;
  auto writer = stream(api.get("/api/v1/events?follow=1"));
  EXPECT_EQ(writer->take(), "");
  api.endpoints.publish(api.record(timeline::Kind::dhcp_request, mac(1)));
  std::string text = writer->take();
  EXPECT_THAT(text, HasSubstr("-3\ndata: {"));
  EXPECT_THAT(text, EndsWith("}\n\n"));
  auto event = from_json<EventView>(text.substr(text.find('{')));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, "dhcp_request");
}

TEST(Endpoints, StreamAMachineThatShowsItsMacAddressLater) {
  Api api;
  EXPECT_TRUE(read<EventList>(api.get("/api/v1/events?machine=board")).events.empty());
  auto writer = stream(api.get("/api/v1/events?follow=1&machine=board"));
  api.endpoints.publish(api.record(timeline::Kind::dhcp_discover, mac(3)));
  EXPECT_EQ(writer->take(), "");
  api.timeline.call(mac(5), "board");
  api.endpoints.publish(api.record(timeline::Kind::dhcp_discover, mac(5)));
  EXPECT_THAT(writer->take(), HasSubstr("\"machine_name\":\"board\""));
}

TEST(Endpoints, StreamOneMachineAlone) {
  Api api;
  auto writer = stream(api.get("/api/v1/events?follow=1&machine=node1"));
  api.endpoints.publish(api.record(timeline::Kind::dhcp_discover, mac(3)));
  EXPECT_EQ(writer->take(), "");
  api.endpoints.publish(api.record(timeline::Kind::dhcp_discover, mac(2)));
  EXPECT_THAT(writer->take(), HasSubstr("52:54:00:00:00:02"));
}

TEST(Endpoints, ForgetFollowersThatWent) {
  Api api;
  auto gone = stream(api.get("/api/v1/events?follow=1"));
  auto stays = stream(api.get("/api/v1/events?follow=1"));
  gone->disconnected();
  api.endpoints.keep_alive();
  EXPECT_EQ(api.endpoints.followers(), 1u);
  EXPECT_THAT(stays->take(), StartsWith(":"));
}

TEST(Endpoints, ShowImagesAndWhoBootsThem) {
  Api api;
  auto list = read<ImageList>(api.get("/api/v1/images"));
  ASSERT_EQ(list.images.size(), 2u);
  EXPECT_THAT(list.images[0].used_by, ElementsAre());
  EXPECT_THAT(list.images[1].used_by, ElementsAre("smartos"));
  EXPECT_TRUE(list.images[1].files.empty());
  auto one = read<ImageView>(api.get("/api/v1/images/20240102T000000Z"));
  EXPECT_EQ(one.id, std::string(64, '2'));
  ASSERT_EQ(one.files.size(), 3u);
  EXPECT_EQ(one.files[0].size, 2000u);
  EXPECT_THAT(problem_of(api.get("/api/v1/images/20240102T000001Z")).detail, HasSubstr("did you mean 2024"));
}

TEST(Endpoints, LookForNewImagesWhenAsked) {
  Api api;
  EXPECT_EQ(read<Done>(api.ask(Method::post, "/api/v1/images/refresh")).sentence, "3 images");
  EXPECT_EQ(api.refreshed, 1);
  EXPECT_EQ(problem_of(api.get("/api/v1/images/refresh")).status, 404);  // no image of that name
}

TEST(Endpoints, ListLeasesAsTheyStandNow) {
  Api api;
  auto list = read<LeaseList>(api.get("/api/v1/leases"));
  ASSERT_EQ(list.leases.size(), 3u);
  EXPECT_EQ(list.leases[0].machine_name, "node1");
  EXPECT_EQ(list.leases[1].state, "active");
  EXPECT_EQ(list.leases[2].state, "expired");
  for (const LeaseView& view : list.leases) {
    auto lease = lease_of(view);
    ASSERT_TRUE(lease);
    EXPECT_EQ(*lease, *api.book.at(lease->address));
  }
}

TEST(Endpoints, TakeOverLeasesAndAnswerWhenTheyAreIn) {
  Api api;
  migrate::ForeignLease lease;
  lease.address = *Ipv4::parse("10.0.0.105");
  lease.mac = mac(4);
  lease.client_id = {1, 2};
  lease.hostname = "n4";
  lease.until = noon;
  auto response = api.ask(Method::post, "/api/v1/leases/import", "", to_json(LeaseImport{{view(lease)}}));
  auto result = from_json<LeaseImportResult>(std::get<http::Stream>(response.body).writer->take());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->leases.at(0).outcome, "imported");
  ASSERT_EQ(api.imported.size(), 1u);
  EXPECT_EQ(api.imported[0].mac, lease.mac);
  EXPECT_EQ(api.imported[0].client_id, lease.client_id);
  EXPECT_EQ(api.imported[0].until, lease.until);
}

TEST(Endpoints, RefuseLeasesThatSayNothing) {
  Api api;
  for (const char* body : {"", "{}", "{\"leases\": 1}",
                           "{\"leases\": [{\"address\": \"x\", \"client_id\": \"\", \"hostname\": \"\","
                           " \"standing\": \"held\", \"since\": \"2024-01-01T00:00:00Z\","
                           " \"until\": \"2024-01-01T00:00:00Z\"}]}"}) {
    EXPECT_EQ(problem_of(api.ask(Method::post, "/api/v1/leases/import", "", body)).status, 400) << body;
  }
  EXPECT_TRUE(api.imported.empty());
}

TEST(Endpoints, ReleaseOnlyWhatIsHeld) {
  Api api;
  EXPECT_EQ(api.ask(Method::delete_, "/api/v1/leases/10.0.0.100").status, 202);
  EXPECT_THAT(api.released, ElementsAre(*Ipv4::parse("10.0.0.100")));
  EXPECT_EQ(problem_of(api.ask(Method::delete_, "/api/v1/leases/10.0.0.101")).status, 404);
  EXPECT_EQ(problem_of(api.ask(Method::delete_, "/api/v1/leases/10.0.0.99")).status, 404);
  EXPECT_EQ(problem_of(api.ask(Method::delete_, "/api/v1/leases/node1")).status, 400);
  EXPECT_EQ(api.released.size(), 1u);
}

TEST(Endpoints, CountWhatIsHeldInEachPool) {
  Api api;
  auto list = read<SubnetList>(api.get("/api/v1/subnets"));
  ASSERT_EQ(list.subnets.size(), 1u);
  EXPECT_EQ(list.subnets[0].mode, "dhcp");
  EXPECT_EQ(list.subnets[0].interface, "eth1") << "the file says none: it is the one with an address there";
  ASSERT_EQ(list.subnets[0].pools.size(), 1u);
  EXPECT_EQ(list.subnets[0].pools[0].size, 10u);
  EXPECT_EQ(list.subnets[0].pools[0].leased, 1u);
}

TEST(Endpoints, ReloadOrTellEveryError) {
  Api api;
  EXPECT_EQ(read<Done>(api.ask(Method::post, "/api/v1/reload")).sentence, "reloaded");
  api.problems = {{{"slipway.toml", 3, 1}, "unknown key \"intarfaces\"", "did you mean interfaces?"},
                  {{"slipway.toml", 9, 5}, "no such profile", ""}};
  ProblemDetails details = problem_of(api.ask(Method::post, "/api/v1/reload"));
  EXPECT_EQ(details.status, 422);
  ASSERT_EQ(details.problems.size(), 2u);
  EXPECT_THAT(details.problems[0], StartsWith("slipway.toml:3:1: error: "));
}

TEST(Endpoints, TellWhyMachinesCannotBoot) {
  Api api;
  EXPECT_EQ(api.get("/healthz").status, 200);
  EXPECT_EQ(api.get("/readyz").status, 200);
  api.not_ready = "no image in the store";
  EXPECT_EQ(api.get("/healthz").status, 200);
  EXPECT_EQ(api.get("/readyz").status, 503);
  EXPECT_EQ(body(api.get("/readyz")), "no image in the store\n");
  EXPECT_FALSE(read<StatusView>(api.get("/api/v1/status")).ready);
}

TEST(Endpoints, NameTheLoadersThatMachinesWouldMiss) {
  Api api;
  EXPECT_TRUE(read<StatusView>(api.get("/api/v1/status")).missing_loaders.empty());
  api.missing_loaders = {{{}, "undionly.kpxe is not here", "install ipxe"}};
  EXPECT_THAT(read<StatusView>(api.get("/api/v1/status")).missing_loaders,
              ElementsAre("undionly.kpxe is not here; install ipxe"));
}

TEST(Endpoints, ShowTheCounters) {
  Api api;
  api.metrics.counter("slipway_test_total", "", "A test.").add(3);
  std::string text = body(api.get("/metrics"));
  for (const char* line :
       {"slipway_test_total 3\n", "slipway_build_info{version=\"0.1\"} 1\n",
        "slipway_leases{state=\"active\"} 2\n", "slipway_leases{state=\"expired\"} 1\n",
        "slipway_pool_addresses{subnet=\"10.0.0.0/24\",pool=\"10.0.0.100-10.0.0.109\"} 10\n",
        "slipway_pool_leased_addresses{subnet=\"10.0.0.0/24\",pool=\"10.0.0.100-10.0.0.109\"} 1\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(Endpoints, RefuseInProblemDetails) {
  Api api;
  EXPECT_EQ(problem_of(api.get("/api/v2")).status, 404);
  http::Response response = api.ask(Method::post, "/api/v1/status");
  EXPECT_EQ(problem_of(response).status, 405);
  EXPECT_EQ(response.headers.at(0).value, "GET, HEAD");
}

TEST(Endpoints, AreAllDescribedAndAnswered) {
  Api api;
  for (const EndpointDoc& doc : Endpoints::table()) {
    std::string path(doc.path);
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"{machine}", "node1"},
                                      {"{image}", "20240102T000000Z"},
                                      {"{boot}", "1"},
                                      {"{token}", "console"},
                                      {"{address}", "10.0.0.100"}}) {
      if (auto at = path.find(name); at != path.npos) path.replace(at, name.size(), value);
    }
    const std::map<std::string_view, const char*> bodies{
        {"", ""},
        {"AssignmentOrder", R"({"to": "machine", "name": "node1", "image": "20240102T000000Z"})"},
        {"BootOnceOrder", R"({"what": "20240102T000000Z"})"},
        {"LeaseImport", R"({"leases": []})"},
        {"TokenOrder", R"({"name": "new", "scope": "read"})"}};
    api.access.tokens = {{"console", model::Scope::read, "", noon, {}}};
    api.state = assigned();
    EXPECT_LT(api.ask(doc.method, path, "", bodies.at(doc.body)).status, 300) << path;
    EXPECT_FALSE(doc.summary.empty()) << path;
  }
}

TEST(OpenApi, IsTheFileInTheManual) {
  expect_file_says("docs/openapi.json", openapi(Endpoints::table()));
}

}  // namespace
}  // namespace slipway::api::testing
