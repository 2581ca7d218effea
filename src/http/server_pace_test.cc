// SPDX-License-Identifier: MPL-2.0
// A limit on what goes to clients, all together: held, shared, and never a client's fault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/test_loopback.h"

namespace slipway::http::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t mbit = 1'000'000;

/// "/f" has 4 MB, "/small" 200 kB.
struct Files {
  Files() {
    write_file(folder / "f", std::string(1'000'000, 'x'), 4);
    write_file(folder / "small", std::string(200'000, 's'));
    big = open_file(folder / "f");
    small = open_file(folder / "small");
  }
  Handler handler() {
    return [this](const Request& request) {
      return serve_file(request, request.target.raw == "/small" ? small : big);
    };
  }
  TemporaryFolder folder;
  std::shared_ptr<OpenFile> big, small;
};

std::size_t received(Client& client, std::size_t wanted) {
  std::string head = client.receive_until("\r\n\r\n");
  std::size_t got = 0;
  while (got < wanted) {
    std::size_t more = client.receive_some().size();
    if (more == 0) break;
    got += more;
  }
  return got;
}

TEST(ServerPace, GivesAllClientsTogetherWhatTheLimitAllows) {
  Files files;
  auto limit = std::make_shared<Bandwidth>(80 * mbit);
  Loopback loopback(files.handler(), {}, limit);
  loopback.run();
  auto begun = std::chrono::steady_clock::now();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<Client>(loopback.port));
    clients.back()->get("/f");
  }
  for (auto& client : clients) EXPECT_EQ(received(*client, 4'000'000), 4'000'000u);
  auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_GE(took, std::chrono::milliseconds(1'150)) << "12 MB at 10 MB a second, but for a burst";
}

TEST(ServerPace, LetsASmallFileOvertakeBigOnes) {
  Files files;
  auto limit = std::make_shared<Bandwidth>(40 * mbit);
  Loopback loopback(files.handler(), {}, limit);
  loopback.run();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<Client>(loopback.port));
    clients.back()->get("/f");
    EXPECT_THAT(clients.back()->receive_until("\r\n\r\n"), HasSubstr("200 OK"));
  }
  Client small(loopback.port);
  small.get("/small");
  EXPECT_EQ(received(small, 200'000), 200'000u);
  EXPECT_EQ(loopback.wait_ended().target, "/small") << "the others began before it";
}

TEST(ServerPace, BlamesNoClientForTheLimit) {
  Files files;
  Limits limits;
  limits.progress_deadline = milliseconds(100);
  auto limit = std::make_shared<Bandwidth>(mbit);
  limit->charge(100'000, std::chrono::floor<Duration>(std::chrono::steady_clock::now()));
  limit->charge(static_cast<std::int64_t>(limit->burst()),
                std::chrono::floor<Duration>(std::chrono::steady_clock::now()));
  Loopback loopback(files.handler(), limits, limit);
  loopback.run();
  Client client(loopback.port);
  client.get("/small");  // the debt alone takes most of a second
  EXPECT_EQ(received(client, 200'000), 200'000u);
  EXPECT_EQ(loopback.wait_ended().outcome, Outcome::complete);
}

TEST(ServerPace, ForgetsAClientThatGoesWhileItWaits) {
  Files files;
  Loopback loopback(files.handler(), {}, std::make_shared<Bandwidth>(mbit));
  loopback.run();
  for (int i = 0; i < 5; ++i) {
    Client client(loopback.port);
    client.get("/f");
    client.receive(1);
    client.reset();
  }
  EXPECT_TRUE(loopback.wait_until_idle());
}

}  // namespace
}  // namespace slipway::http::testing
