// SPDX-License-Identifier: MPL-2.0
#include "server/send_queue.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::server {
namespace {

using testing::ElementsAre;

struct Note {
  int to = 0;
  ByteView bytes;
};

/// Takes `room` notes, refuses those to 13.
struct Post {
  std::size_t room = 100;
  std::vector<std::string> sent;
  boost::system::error_code error;

  std::size_t send_batch(std::span<const Note> notes) {
    std::size_t count = 0;
    for (const Note& note : notes) {
      if (note.to == 13) error = make_error_code(boost::system::errc::host_unreachable);
      if (note.to == 13 || room == 0) break;
      --room;
      ++count;
      sent.emplace_back(as_text(note.bytes));
    }
    return count;
  }
  boost::system::error_code take_error() { return std::exchange(error, {}); }
};

using Queue = SendQueue<Post, Note>;

void add(Queue& queue, int to, std::string_view text) {
  ASSERT_TRUE(queue.add({to, {}}, Bytes(text.begin(), text.end())));
}
const auto none_refused = [](const Note&, auto) { FAIL() << "nothing is refused here"; };

TEST(SendQueue, SendsInOrderAndIsEmptyThen) {
  Queue queue;
  Post post;
  for (const char* text : {"a", "b", "c"}) add(queue, 1, text);
  EXPECT_EQ(queue.flush(post, none_refused), 3u);
  EXPECT_THAT(post.sent, ElementsAre("a", "b", "c"));
  EXPECT_TRUE(queue.empty());
}

TEST(SendQueue, KeepsWhatAFullSocketDoesNotTake) {
  Queue queue;
  Post post{.room = 2};
  for (const char* text : {"a", "b", "c"}) add(queue, 1, text);
  EXPECT_EQ(queue.flush(post, none_refused), 2u);
  add(queue, 1, "d");
  EXPECT_EQ(queue.flush(post, none_refused), 0u);
  post.room = 5;
  EXPECT_EQ(queue.flush(post, none_refused), 2u);
  EXPECT_THAT(post.sent, ElementsAre("a", "b", "c", "d"));
}

TEST(SendQueue, TellsOfEachThatIsRefusedAndSendsTheOthers) {
  Queue queue;
  Post post;
  add(queue, 1, "a");
  add(queue, 13, "b");
  add(queue, 13, "c");
  add(queue, 1, "d");
  std::vector<std::string> refused;
  auto hear = [&](const Note& note, auto error) {
    EXPECT_TRUE(error);
    refused.emplace_back(as_text(note.bytes));
  };
  EXPECT_EQ(queue.flush(post, hear), 2u);
  EXPECT_THAT(refused, ElementsAre("b", "c"));
  EXPECT_THAT(post.sent, ElementsAre("a", "d"));
  EXPECT_TRUE(queue.empty());
}

TEST(SendQueue, RefusesWhatIsBeyondItsBound) {
  SendQueue<Post, Note> queue(2);
  EXPECT_TRUE(queue.add({}, {1}));
  EXPECT_TRUE(queue.add({}, {2}));
  EXPECT_FALSE(queue.add({}, {3}));
}

}  // namespace
}  // namespace slipway::server
