// SPDX-License-Identifier: MPL-2.0
#include "api/assignments.h"

#include <gmock/gmock.h>

#include "api/test_api.h"

namespace slipway::api::testing {
namespace {

using http::Method;
using ::testing::HasSubstr;

constexpr const char* older_for_node1 =
    R"({"to": "machine", "name": "10.0.0.20", "image": "20240101T000000Z"})";

TEST(Assignments, ArePutInForceAndToldOfTheMachine) {
  Api api;
  auto done = api.post("/api/v1/assignments", older_for_node1);
  EXPECT_EQ(done.status, 200) << body(done);
  auto machine = read<MachineView>(api.get("/api/v1/machines/node1"));
  EXPECT_EQ(machine.desired, "smartos@20240101T000000Z");
  EXPECT_EQ(machine.desired_by, "machine node1");
  EXPECT_EQ(read<MachineView>(api.get("/api/v1/machines/node2")).desired_by, "the file");
  auto list = read<AssignmentList>(api.get("/api/v1/assignments")).assignments;
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].name, "node1");
  EXPECT_FALSE(list[0].before);
  auto images = read<ImageList>(api.get("/api/v1/images")).images;
  ASSERT_EQ(images[0].uses.size(), 1u);
  EXPECT_EQ(images[0].uses[0].why + " " + images[0].uses[0].who, "assigned machine node1");
}

TEST(Assignments, HaveAHistoryOfWhoIsKnown) {
  Api api;
  ASSERT_EQ(api.post("/api/v1/assignments", older_for_node1).status, 200);
  for (std::string whose : {"node1", "10.0.0.20", ""}) {
    auto told = api.get("/api/v1/assignments/history?to=machine" + (whose.empty() ? "" : "&name=" + whose));
    EXPECT_EQ(read<AssignmentHistory>(told).history.size(), 1u) << whose;
  }
  EXPECT_TRUE(read<AssignmentHistory>(api.get("/api/v1/assignments/history?to=everyone")).history.empty());
  auto unknown = problem_of(api.get("/api/v1/assignments/history?to=machine&name=nod1"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.remedy, "did you mean node1?");
}

TEST(Assignments, SayWhichVariantWasMeant) {
  Api api;
  auto unknown = problem_of(api.post("/api/v1/machines/node1/boot-once", R"({"variant": "rescu"})"));
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.remedy, "did you mean rescue?");
}

TEST(Assignments, ThatCannotBeMadeDurableAreNotInForce) {
  Api api;
  api.disk_fault = Fault("the disk is full", "free some space");
  auto done = api.post("/api/v1/assignments", older_for_node1);
  EXPECT_EQ(done.status, 500);
  EXPECT_THAT(body(done), HasSubstr("the disk is full"));
  EXPECT_EQ(read<MachineView>(api.get("/api/v1/machines/node1")).desired_by, "the file");
}

TEST(Assignments, AreRefusedInWordsWhenTheyMakeNoSense) {
  Api api;
  auto status = [&](const char* order) { return api.post("/api/v1/assignments", order).status; };
  EXPECT_EQ(status("{"), 400);
  EXPECT_EQ(status(R"({"to": "nobody", "image": "smartos"})"), 400);
  EXPECT_EQ(status(R"({"to": "everyone"})"), 400);
  EXPECT_EQ(status(R"({"to": "group", "name": "rack", "image": "smartos"})"), 404);
  EXPECT_EQ(status(R"({"to": "everyone", "image": "20990101T000000Z"})"), 404);
  EXPECT_EQ(api.post("/api/v1/assignments/rollback", R"({"to": "everyone"})").status, 409);
  EXPECT_EQ(api.post("/api/v1/machines/node1/boot-once", R"({"what": "smarto"})").status, 404);
}

TEST(Assignments, OfAMachineThatIsGoneAreForgottenWithIt) {
  Api api;
  api.state = assigned();
  EXPECT_EQ(api.ask(Method::delete_, "/api/v1/machines/node1/memory").status, 200);
  EXPECT_TRUE(api.state.assignments.empty());
  EXPECT_EQ(api.ask(Method::delete_, "/api/v1/machines/node1/memory").status, 404);
}

}  // namespace
}  // namespace slipway::api::testing
