// SPDX-License-Identifier: MPL-2.0
#include "api/event_desk.h"

#include <gmock/gmock.h>

#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using http::Method;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using timeline::Kind;

/// The `id:` of the last event that was sent.
std::string last_id(const std::string& text) {
  auto at = text.rfind("id: ") + 4;
  return text.substr(at, text.find('\n', at) - at);
}

TEST(EventDesk, CountsOnlyWhatIsOfTheKindThatIsAskedFor) {
  Api api;
  for (int i = 0; i < 5; ++i) api.record(Kind::dhcp_discover, mac(3));
  auto offers = read<EventList>(api.get("/api/v1/events?limit=3&kind=dhcp_offer"));
  ASSERT_EQ(offers.events.size(), 1u);
  EXPECT_EQ(offers.events[0].kind, "dhcp_offer");
  auto discovers = read<EventList>(api.get("/api/v1/events?limit=2&kind=dhcp_discover"));
  ASSERT_EQ(discovers.events.size(), 2u);
  EXPECT_EQ(discovers.events[0].sequence, 6u);
  EXPECT_EQ(read<EventList>(api.get("/api/v1/events?machine=node1&limit=1&kind=dhcp_discover")).events.size(),
            1u);
}

TEST(EventDesk, StreamsOneKindAlone) {
  Api api;
  auto offers = stream(api.get("/api/v1/events?follow=1&since=0&kind=dhcp_offer"));
  std::string past = offers->take();
  EXPECT_THAT(past, HasSubstr("\"kind\":\"dhcp_offer\""));
  EXPECT_THAT(past, Not(HasSubstr("dhcp_discover")));
  api.endpoints.publish(api.record(Kind::dhcp_request, mac(1)));
  EXPECT_EQ(offers->take(), "");
  api.endpoints.publish(api.record(Kind::dhcp_offer, mac(1)));
  EXPECT_THAT(offers->take(), HasSubstr("dhcp_offer"));
}

TEST(EventDesk, HasNoUseForALimitOfAStream) {
  Api api;
  ProblemDetails told = problem_of(api.get("/api/v1/events?follow=1&limit=3"));
  EXPECT_EQ(told.status, 400);
  EXPECT_THAT(told.detail, StartsWith("limit "));
  EXPECT_EQ(api.endpoints.followers(), 0u);
}

TEST(EventDesk, StreamsWhatAFollowerMissedFirst) {
  Api api;
  std::string all = stream(api.get("/api/v1/events?follow=1&since=0"))->take();
  std::string second = stream(api.get("/api/v1/events?follow=1&since=1"))->take();
  EXPECT_THAT(second, HasSubstr("-2\ndata: "));
  EXPECT_THAT(second, Not(HasSubstr("-1\ndata: ")));
  auto resumed = stream(api.ask(Method::get, "/api/v1/events?follow=1", last_id(all)));
  EXPECT_EQ(resumed->take(), "");
  api.endpoints.publish(api.record(Kind::dhcp_request, mac(1)));
  EXPECT_THAT(resumed->take(), HasSubstr("-3\n"));
}

/// A daemon that began at another time, and whose numbers have come as far.
struct LaterApi : Daemon {
  World later() {
    World made = world();
    made.started += std::chrono::microseconds(1);
    return made;
  }
  Endpoints endpoints{later()};
};

TEST(EventDesk, TellsAFollowerOfAnotherLifeToReadTheStateAnew) {
  Api before;
  std::string id = last_id(stream(before.get("/api/v1/events?follow=1&since=0"))->take());
  LaterApi after;
  http::Request request;
  request.peer = http::UnixPeer{1, 0, 0, {}};
  request.target = http::parse_target("/api/v1/events?follow=1").value();
  for (const std::string& other : {id, std::string("1"), std::string("x-"), std::string("-2")}) {
    request.fields.last_event_id = other;
    std::string text = stream(after.endpoints.handle(request))->take();
    EXPECT_THAT(text, StartsWith("event: reset\n")) << other;
    EXPECT_THAT(text, HasSubstr("-1\ndata: ")) << "and all there is comes after";
  }
}

TEST(EventDesk, TellsAFollowerThatWasAwayTooLong) {
  Api api;
  std::string id = last_id(stream(api.get("/api/v1/events?follow=1&since=1"))->take());
  for (int i = 0; i < 1001; ++i) api.record(Kind::dhcp_discover, mac(3));
  EXPECT_THAT(stream(api.ask(Method::get, "/api/v1/events?follow=1", id))->take(),
              StartsWith("event: reset\n"));
  std::string offers = "/api/v1/events?follow=1&kind=dhcp_offer";
  EXPECT_EQ(stream(api.ask(Method::get, offers, id))->take(), "") << "of its kind it missed nothing";
}

TEST(EventDesk, AnswersWhoAsksForTheHeadWithTheHead) {
  Api api;
  auto writer = stream(api.ask(Method::head, "/api/v1/events?follow=1&since=0"));
  EXPECT_TRUE(writer->finished());
  EXPECT_EQ(api.endpoints.followers(), 0u);
}

}  // namespace
}  // namespace slipway::api::testing
