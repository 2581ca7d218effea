// SPDX-License-Identifier: MPL-2.0
#include "store/assignment_store.h"

#include <csignal>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sqlite_store.h"
#include "store/test_leases.h"

namespace slipway::store {
namespace {

using assign::Change;
using assign::Changes;
using assign::State;
using model::Assignee;
using model::ImageKind;

const Assignee everyone{Assignee::Kind::everyone, ""};

Changes assigned(std::uint64_t number, const std::string& image) {
  assign::HistoryEntry entry;
  entry.number = number;
  entry.at = start;
  entry.to = everyone;
  entry.image = image;
  entry.version = "v" + image;
  entry.before = number - 1;
  return {entry, model::Assignment{everyone, ImageKind::smartos, image, "v" + image, start, number}};
}

TEST(AssignmentStore, GivesBackWhatWasCommittedHoweverItIsRead) {
  TestFolder folder;
  model::BootOnce once{"node1", 7, "rescue", "1f", "v1f", model::Variant::kmdb, start, true};
  assign::MachineRecord record{"node1", "aa", "va", start, "bb", "vb", start + std::chrono::hours(1)};
  {
    SqliteStore leases(folder.path());
    AssignmentStore store(folder.path());
    ASSERT_TRUE(store.commit(assigned(1, "aa")));
    ASSERT_TRUE(store.commit(assigned(2, "bb")));
    ASSERT_TRUE(store.commit(Changes{once, record, assign::Pin{"cc"}, assign::Pin{"dd"}}));
    ASSERT_TRUE(store.commit(Changes{assign::Unpin{"dd"}, assign::OnceDone{"node1", 6}}));
    auto beside = read_assignments(folder.path());
    ASSERT_TRUE(beside) << "beside a daemon: " << beside.error().sentence();
    EXPECT_EQ(beside->pins, std::set<std::string>{"cc"});
  }
  SqliteStore leases(folder.path());
  State state = AssignmentStore(folder.path()).load().value();
  const model::Assignment* standing = state.assignments.find(everyone, ImageKind::smartos);
  ASSERT_TRUE(standing);
  EXPECT_EQ(standing->image, "bb");
  EXPECT_EQ(standing->since, start);
  ASSERT_TRUE(state.before(*standing));
  EXPECT_EQ(state.before(*standing)->image, "aa");
  ASSERT_TRUE(state.assignments.once("node1")) << "number 6 is done, not 7";
  EXPECT_EQ(state.assignments.once("node1")->variant, model::Variant::kmdb);
  EXPECT_TRUE(state.assignments.once("node1")->served);
  EXPECT_EQ(state.last_once, 7u);
  ASSERT_TRUE(state.machine("node1"));
  EXPECT_EQ(*state.machine("node1"), record);
}

TEST(AssignmentStore, HoldsNothingWhereThereIsNoFile) {
  TestFolder folder;
  auto state = read_assignments(folder.path());
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->assignments.empty());
}

TEST(AssignmentStore, KeepsNoMoreHistoryThanIsOfUse) {
  TestFolder folder;
  SqliteStore leases(folder.path());
  AssignmentStore store(folder.path());
  Changes many;
  for (std::uint64_t i = 1; i <= assign::most_history + 10; ++i) {
    for (Change& change : assigned(i, "aa")) many.push_back(std::move(change));
  }
  ASSERT_TRUE(store.commit(many));
  auto state = store.load().value();
  EXPECT_EQ(state.history.size(), assign::most_history);
  EXPECT_EQ(state.next_entry(), assign::most_history + 11);
}

/// A child assigns one image after the other and says each number once it is durable; then it is killed.
TEST(AssignmentStore, HasTheLastThatWasSaidOrTheOneAfterItAfterAKill) {
  for (int round = 0; round < 5; ++round) {
    TestFolder folder;
    int said[2];
    ASSERT_EQ(::pipe(said), 0);
    pid_t child = ::fork();
    if (child == 0) {
      SqliteStore leases(folder.path());
      AssignmentStore store(folder.path());
      for (std::uint64_t number = 1;; ++number) {
        if (!store.commit(assigned(number, std::to_string(number)))) ::_exit(1);
        if (::write(said[1], &number, sizeof number) != sizeof number) ::_exit(1);
      }
    }
    ::close(said[1]);
    std::uint64_t last = 0, number = 0;
    while (last < 5u + 7u * static_cast<unsigned>(round) &&
           ::read(said[0], &number, sizeof number) == sizeof number)
      last = number;
    ::kill(child, SIGKILL);
    while (::read(said[0], &number, sizeof number) == sizeof number) last = number;
    ::waitpid(child, nullptr, 0);
    ::close(said[0]);

    SqliteStore leases(folder.path());
    State state = AssignmentStore(folder.path()).load().value();
    const model::Assignment* standing = state.assignments.find(everyone, ImageKind::smartos);
    ASSERT_TRUE(standing);
    EXPECT_THAT(standing->entry, testing::AnyOf(last, last + 1));
    EXPECT_EQ(state.history.size(), standing->entry) << "history and assignment are of one piece";
    EXPECT_EQ(standing->image, state.entry(standing->entry)->image);
  }
}

}  // namespace
}  // namespace slipway::store
