// SPDX-License-Identifier: MPL-2.0
#include "server/up_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/sockaddr.h"
#include "timeline/story.h"

namespace slipway::server {
namespace {

using model::Stage;
using timeline::Event;
using timeline::Kind;
using Sign = model::UpRule::Sign;
using namespace std::chrono_literals;

constexpr Ipv4 loopback{0x7f000001};

/// One machine, at an address of this host, and a watch that is quick.
struct Site {
  explicit Site(Sign sign) {
    rule = {.sign = sign, .port = 0, .within = 1s, .said = true};
    story.address = loopback;
  }

  void listen(std::uint16_t port = 0) {
    fd = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = net::to_sockaddr({loopback, port});
    ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(fd.get(), 4);
    rule.port = net::local_endpoint(fd.get()).port;
  }
  void boot() {
    story.reach_script();
    Event served;
    served.kind = Kind::script_served;
    served.machine = story.machine;
    served.up = rule;
    story.record(served);
    story.fetch_kernel();
    story.fetch_archive();
    follow();
  }
  std::uint16_t boot_with_nobody_at_its_port() {
    listen();
    fd.reset();
    boot();
    return rule.port;
  }
  void follow() {
    for (const Event& event : story.timeline.events(story.machine)) {
      if (event.sequence <= seen) continue;
      seen = event.sequence;
      watch.hear(event, story.timeline);
    }
  }
  void turn(Duration longest) {
    auto end = std::chrono::steady_clock::now() + longest;
    while (said.empty() && watch.watched() > 0 && std::chrono::steady_clock::now() < end) reactor.turn(20ms);
  }

  timeline::Story story;
  model::UpRule rule;
  UniqueFd fd;
  std::uint64_t seen = 0;
  net::Reactor reactor;
  std::vector<std::string> said;
  UpWatch watch{reactor,
                [this](Event&& event) {
                  said.push_back(event.detail);
                  story.record(std::move(event));
                  follow();
                },
                {.patience = 200ms, .pause = 30ms, .turn = 10ms, .late_pause = 40ms, .gives_up = 1s}};
};

TEST(UpWatch, KnocksUntilThePortAnswers) {
  Site site(Sign::tcp);
  std::uint16_t port = site.boot_with_nobody_at_its_port();
  EXPECT_EQ(site.watch.watched(), 1u);
  site.turn(100ms);
  EXPECT_TRUE(site.said.empty());
  site.listen(port);
  site.turn(5s);
  EXPECT_THAT(site.said, testing::ElementsAre(testing::HasSubstr("of 127.0.0.1 answers")));
  EXPECT_EQ(site.watch.watched(), 0u);
  EXPECT_EQ(to_string(site.story.verdict().code), "running");
}

TEST(UpWatch, GivesUpWhenTheTimeIsOver) {
  Site site(Sign::tcp);
  site.rule.port = 1;
  site.boot();
  site.turn(5s);
  EXPECT_TRUE(site.said.empty());
  EXPECT_EQ(site.watch.watched(), 0u);
}

TEST(UpWatch, KnocksOnAtWhoIsLate) {
  Site site(Sign::tcp);
  std::uint16_t port = site.boot_with_nobody_at_its_port();
  site.turn(1200ms);
  EXPECT_TRUE(site.said.empty());
  EXPECT_EQ(site.watch.watched(), 1u);
  site.listen(port);
  site.turn(5s);
  EXPECT_THAT(site.said, testing::ElementsAre(testing::HasSubstr("of 127.0.0.1 answers")));
}

TEST(UpWatch, SaysOfWhoStaysAwayThatItIsUp) {
  Site site(Sign::stay);
  site.boot();
  site.turn(5s);
  EXPECT_THAT(site.said, testing::ElementsAre("it did not come back to boot within 1.0 s"));
}

TEST(UpWatch, ForgetsWhoComesBackToBoot) {
  Site site(Sign::stay);
  site.boot();
  site.story.wait(1s);
  site.story.dhcp(Kind::dhcp_discover, Stage::pxe_rom);
  site.follow();
  EXPECT_EQ(site.watch.watched(), 0u);
}

TEST(UpWatch, LeavesAloneWhoSpeaksForItself) {
  for (Sign sign : {Sign::dhcp, Sign::call}) {
    Site site(sign);
    site.boot();
    EXPECT_EQ(site.watch.watched(), 0u);
  }
}

}  // namespace
}  // namespace slipway::server
