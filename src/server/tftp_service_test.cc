// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_service.h"

#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "server/tftp_test_peers.h"

namespace slipway::server {
namespace {

TEST(TftpService, GivesFilesByteForByteAtEveryBlockAndWindowSize) {
  Server server;
  server.files["archive"] = noise(1'000'003);
  for (const char* block : {"512", "1432", "1468", "8192", "65464"}) {
    for (const char* window : {"1", "4", "64"}) {
      Client client;
      EXPECT_TRUE(client.fetch(server.at(), "archive", {{"blksize", block}, {"windowsize", window}}) ==
                  server.files["archive"])
          << block << "/" << window;
    }
  }
  EXPECT_TRUE(Client().fetch(server.at(), "archive") == server.files["archive"]);
  for (const TftpEvent& end : server.wait_for_ends(16)) {
    EXPECT_EQ(end.outcome.ending, tftp::Ending::complete);
    EXPECT_EQ(end.outcome.bytes, 1'000'003u);
    EXPECT_EQ(end.size, 1'000'003u);
  }
}

TEST(TftpService, SendsEverythingFromTheWellKnownPortWhereOnlyThatIsLetThrough) {
  TftpSettings settings;
  settings.single_port = true;
  Server server(settings);
  server.files["archive"] = noise(1'000'003);
  for (const char* block : {"512", "1468", "65464"}) {
    for (const char* window : {"1", "64"}) {
      Client client;
      EXPECT_TRUE(client.fetch(server.at(second_loopback), "archive",
                               {{"blksize", block}, {"windowsize", window}}) == server.files["archive"])
          << block << "/" << window;
      EXPECT_EQ(client.peer, server.at(second_loopback));
    }
  }
  EXPECT_EQ(server.wait_for_ends(6)[0].outcome.ending, tftp::Ending::complete);
  Client late;
  late.say(server.at(), serialize(wire::TftpAck{1}));
  late.ask(server.at(), "missing");
  late.hear_a<wire::TftpError>();
  EXPECT_EQ(server.counted("slipway_tftp_dropped_total", "reason=\"no_request\""), 1u);
}

TEST(TftpService, SendsTheSameBytesWhereTheKernelSplitsNoDatagrams) {
  for (bool single_port : {false, true}) {
    TftpSettings settings;
    settings.single_port = single_port;
    settings.segmented = false;
    Server server(settings);
    server.files["archive"] = noise(1'000'003);
    EXPECT_TRUE(Client().fetch(server.at(), "archive", {{"blksize", "1468"}, {"windowsize", "64"}}) ==
                server.files["archive"]);
  }
}

/// A file on the disk, as most content is.
class OnDisk {
 public:
  explicit OnDisk(const Bytes& bytes) {
    std::string name = testing::TempDir() + "tftp-XXXXXX";
    fd_.reset(::mkstemp(name.data()));
    ::unlink(name.c_str());
    EXPECT_EQ(::write(fd_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    size_ = bytes.size();
  }
  TftpContent content() const { return {{}, nullptr, fd_.get(), size_}; }
  void cut(off_t size) { EXPECT_EQ(::ftruncate(fd_.get(), size), 0); }

 private:
  UniqueFd fd_;
  std::uint64_t size_ = 0;
};

TEST(TftpService, ReadsAFileAsItGoes) {
  Bytes bytes = noise(1'000'003);
  OnDisk file(bytes);
  Server server;
  server.on_disk["archive"] = file.content();
  for (const char* block : {"8", "1468", "65464"})
    EXPECT_TRUE(Client().fetch(server.at(), "archive", {{"blksize", block}, {"windowsize", "64"}}) == bytes);
}

TEST(TftpService, TellsTheClientOfAFileThatIsCutShortWhileItIsSent) {
  OnDisk file(noise(100'000));
  Server server;
  server.on_disk["archive"] = file.content();
  Client client;
  client.ask(server.at(), "archive", {{"blksize", "40000"}});
  auto oack = client.hear();
  ASSERT_TRUE(oack);
  client.say(oack->from, serialize(wire::TftpAck{0}));
  ASSERT_TRUE(client.hear());
  file.cut(600);
  wire::TftpError told;
  for (std::uint16_t block = 1; told.text.empty() && block < 200;
       ++block) {  // what was read ahead still comes
    client.say(oack->from, serialize(wire::TftpAck{block}));
    auto heard = client.hear();
    ASSERT_TRUE(heard);
    if (auto* error = std::get_if<wire::TftpError>(&heard->packet)) told.text = error->text;
  }
  EXPECT_EQ(told.text, "the file was cut short or cannot be read any more");
  EXPECT_EQ(server.wait_for_ends(1)[0].outcome.ending, tftp::Ending::aborted);
}

TEST(TftpService, GrantsTheWidestWindowAndHoldsNoMoreOfItThanOnePortion) {
  TftpSettings settings;
  settings.max_window = 65535;
  Server server(settings);
  server.files["archive"] = noise(3'000'000);
  Client client;
  // The client's buffer is too small for a window of 2,049 blocks: what was lost is sent again from the gap.
  EXPECT_TRUE(client.fetch(server.at(), "archive", {{"blksize", "1464"}, {"windowsize", "65535"}}) ==
              server.files["archive"]);
  EXPECT_EQ(*find_option(client.granted, "windowsize"), "65535");
}

TEST(TftpService, AnswersEachTransferFromAFreshPortOfTheAddressAsked) {
  Server server;
  server.files["f"] = noise(10);
  Client client;
  client.fetch(server.at(second_loopback), "f");
  Endpoint first = client.peer;
  client.fetch(server.at(second_loopback), "f");
  EXPECT_EQ(first.address, second_loopback);
  EXPECT_NE(first.port, server.at().port);
  EXPECT_EQ(server.wait_for_ends(2)[0].local, second_loopback);
}

TEST(TftpService, GrantsOnlyWhatWasAsked) {
  Server server;
  server.files["f"] = noise(1000);
  Client client;
  client.fetch(server.at(), "f", {{"tsize", "0"}, {"blksize", "1468"}, {"multicast", ""}});
  EXPECT_EQ(client.granted, (wire::TftpOptions{{"tsize", "1000"}, {"blksize", "1468"}}));
}

TEST(TftpService, TellsAtOnceThatAFileIsMissingAndWhy) {
  Server server;
  Client client;
  client.ask(server.at(second_loopback), "pxelinux.cfg/default");
  auto heard = client.hear(seconds(1));
  ASSERT_TRUE(heard);
  EXPECT_EQ(std::get<wire::TftpError>(heard->packet), (wire::TftpError{1, "there is no such file"}));
  EXPECT_EQ(heard->from.address, second_loopback);
  ASSERT_EQ(server.events().size(), 1u);
  EXPECT_EQ(server.events()[0].kind, TftpEvent::Kind::refused);
  EXPECT_EQ(server.events()[0].refusal.reason, "there is no such file");
  EXPECT_EQ(server.names()[0], "pxelinux.cfg/default");
  EXPECT_EQ(server.counted("slipway_tftp_refused_total", "reason=\"file_not_found\""), 1u);
}

TEST(TftpService, RefusesWritesAndMailWithASentence) {
  Server server;
  Client client;
  client.say(server.at(), serialize(wire::TftpRequest{true, "log", "octet", {}}));
  EXPECT_EQ(client.hear_a<wire::TftpError>(),
            (wire::TftpError{2, "this server takes no files, it only gives them"}));
  client.say(server.at(), serialize(wire::TftpRequest{false, "f", "mail", {}}));
  EXPECT_EQ(client.hear_a<wire::TftpError>(),
            (wire::TftpError{4, "transfer mode must be octet or netascii"}));
}

TEST(TftpService, ConvertsNetasciiAndKnowsItsSize) {
  Server server;
  server.files["t"] = Bytes{'a', '\n', '\r', 'b'};
  Client client;
  client.say(server.at(), serialize(wire::TftpRequest{false, "t", "netascii", {{"tsize", "0"}}}));
  EXPECT_EQ(client.hear_a<wire::TftpOack>().options, (wire::TftpOptions{{"tsize", "6"}}));
  Client again;
  again.say(server.at(), serialize(wire::TftpRequest{false, "t", "netascii", {}}));
  auto heard = again.hear();
  ASSERT_TRUE(heard);
  EXPECT_EQ(as_text(std::get<wire::TftpData>(heard->packet).payload), std::string_view("a\r\n\r\0b", 6));
}

TEST(TftpService, DoesNotStartASecondTransferForARepeatedRequest) {
  Server server;
  server.files["f"] = noise(2000);
  Client client;
  client.ask(server.at(), "f", {{"tsize", "0"}});
  auto first = client.hear();
  client.ask(server.at(), "f", {{"tsize", "0"}});
  std::this_thread::sleep_for(milliseconds(30));
  client.ask(server.at(), "f", {{"tsize", "0"}});
  auto again = client.hear();  // the OACK once more, before its timer
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->from, again->from);
  EXPECT_EQ(server.events().size(), 1u);
  EXPECT_EQ(server.counted("slipway_tftp_repeated_requests_total", ""), 2u);
}

TEST(TftpService, TakesARequestFromThePortOfAFinishedTransferForANewOne) {
  Server server;
  server.files["a"] = noise(2000);
  server.files["b"] = noise(3000);
  Client lpxelinux;
  EXPECT_TRUE(lpxelinux.fetch(server.at(), "a") == server.files["a"]);
  EXPECT_TRUE(lpxelinux.fetch(server.at(), "b") == server.files["b"]);
  EXPECT_TRUE(lpxelinux.fetch(server.at(), "b") == server.files["b"]);
  EXPECT_EQ(server.wait_for_ends(3).size(), 3u);
}

TEST(TftpService, EndsATransferWhoseClientAsksForSomethingElseFromItsPort) {
  Server server;
  server.files["a"] = noise(20000);
  server.files["b"] = noise(3000);
  Client client;
  client.ask(server.at(), "a");
  client.hear();
  client.ask(server.at(), "b");
  auto ends = server.wait_for_ends(1);
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].outcome.ending, tftp::Ending::client_left);
  EXPECT_EQ(ends[0].outcome.text, "the client asked anew from the same port");
}

TEST(TftpService, StartsAnewForAMachineThatWasResetInItsTransfer) {
  Server server;
  server.files["a"] = noise(20000);
  Client rom;
  rom.ask(server.at(), "a");
  auto first = rom.hear();
  ASSERT_TRUE(first);
  rom.say(first->from, serialize(wire::TftpAck{1}));
  std::this_thread::sleep_for(milliseconds(700));
  while (rom.hear(milliseconds(1))) {
  }
  EXPECT_TRUE(rom.fetch(server.at(), "a") == server.files["a"]);
}

TEST(TftpService, TakesARequestThatWaitedForUsForTheCopyThatItIs) {
  Server server;
  server.files["a"] = noise(20000);
  Client rom;
  rom.ask(server.at(), "a");
  auto first = rom.hear();
  ASSERT_TRUE(first);
  rom.say(first->from, serialize(wire::TftpAck{1}));
  auto second = rom.hear();
  ASSERT_TRUE(second);
  server.hold(milliseconds(700));
  rom.ask(server.at(), "a");
  server.wait_for_count("slipway_tftp_repeated_requests_total", "", 1);
  rom.say(first->from, serialize(wire::TftpAck{2}));
  rom.say(first->from, serialize(wire::TftpError{0, "enough"}));
  EXPECT_EQ(server.wait_for_ends(1)[0].outcome.ending, tftp::Ending::client_error) << "not ended by the copy";
}

TEST(TftpService, TellsASizeProbeFromAFailure) {
  Server server;
  server.files["ipxe.efi"] = noise(20000);
  Client ovmf;
  ovmf.ask(server.at(), "ipxe.efi", {{"tsize", "0"}, {"blksize", "1468"}, {"windowsize", "4"}});
  auto oack = ovmf.hear();
  ASSERT_TRUE(oack);
  ovmf.say(oack->from, serialize(wire::TftpError{8, "User aborted the transfer"}));
  auto ends = server.wait_for_ends(1);
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].outcome.ending, tftp::Ending::client_error);
  EXPECT_TRUE(ends[0].outcome.normal());
}

TEST(TftpService, EndsWhenTheClientsPortIsClosed) {
  Server server;
  server.files["f"] = noise(20000);
  {
    Client client;
    client.ask(server.at(), "f");
    client.hear();
  }
  auto ends = server.wait_for_ends(1);
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].outcome.text, "the client has closed its port");
}

TEST(TftpService, ConvertsToNetasciiOnceForAllThatFetchTheSameFile) {
  Server server;
  server.files["text"] = Bytes(100'000, '\n');
  std::vector<Client> clients(10);
  for (Client& client : clients) {
    client.ask(server.at(), "text", {}, "netascii");
    auto heard = client.hear();
    EXPECT_TRUE(heard && std::holds_alternative<wire::TftpData>(heard->packet));
  }
  EXPECT_EQ(server.kept_alive.use_count(), 2);  // ours, and the one conversion's
  clients.clear();
  server.wait_for_ends(10);
  server.stop();
  EXPECT_EQ(server.kept_alive.use_count(), 1);
}

TEST(TftpService, CountsWhatIsNoRequestByName) {
  Server server;
  Client client;
  client.say(server.at(), {});
  client.say(server.at(), {0, 9});
  client.say(server.at(), {0, 1, 'f', 0});
  client.say(server.at(), serialize(wire::TftpAck{1}));
  client.ask(server.at(), "missing");  // answered after all of those
  client.hear_a<wire::TftpError>();
  for (const char* reason : {"too_short", "unknown_opcode", "unterminated_text", "no_request"})
    EXPECT_EQ(server.counted("slipway_tftp_dropped_total", fmt::format("reason=\"{}\"", reason)), 1u)
        << reason;
}

}  // namespace
}  // namespace slipway::server
