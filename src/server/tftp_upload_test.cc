// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_upload.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "server/tftp_test_peers.h"
#include "server/upload_folder.h"

namespace slipway::server {
namespace {

/// Writes as RFC 1350 has it: DATA on each ACK. What the server said last.
std::optional<Client::Heard> write(Client& client, Endpoint server, const wire::TftpRequest& request,
                                   std::string_view text, std::size_t block_size = 512) {
  client.say(server, serialize(request));
  std::size_t at = 0;
  std::uint16_t block = 0;
  bool last = false;
  auto heard = client.hear();
  while (heard && !last) {
    auto* ack = std::get_if<wire::TftpAck>(&heard->packet);
    bool oack = std::holds_alternative<wire::TftpOack>(heard->packet);
    if (!oack && (!ack || ack->block != block)) return heard;
    std::string_view payload = text.substr(at, block_size);
    at += payload.size();
    last = payload.size() < block_size;
    client.say(heard->from, serialize(wire::TftpData{++block, as_bytes(payload)}));
    heard = client.hear();
  }
  return heard;
}

/// A folder of the operator's, gone with us.
struct WriteFolder {
  WriteFolder() {
    std::string name = testing::TempDir() + "tftp-write-XXXXXX";
    path = ::mkdtemp(name.data());
    UploadLimits limits;
    limits.file = 100'000;
    folder = std::make_unique<UploadFolder>(path, limits);
    settings.uploads = folder.get();
  }
  ~WriteFolder() { std::filesystem::remove_all(path); }
  std::string content(const std::string& name) const {
    std::ifstream file(path / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
  }

  std::filesystem::path path;
  std::unique_ptr<UploadFolder> folder;
  TftpSettings settings;
};

TEST(TftpUpload, StoresWhatAClientWritesBeforeItAcknowledgesTheLastBlock) {
  for (bool single_port : {false, true}) {
    WriteFolder disk;
    disk.settings.single_port = single_port;
    Server server(disk.settings);
    std::string log(50'000, 'x');
    Client client;
    auto last = write(client, server.at(),
                      {true, "console.log", "octet", {{"blksize", "1468"}, {"tsize", "50000"}}}, log, 1468);
    ASSERT_TRUE(last);
    EXPECT_EQ(std::get<wire::TftpAck>(last->packet).block, 50'000 / 1468 + 1);
    EXPECT_EQ(disk.content("console.log"), log);
    client.say(last->from, serialize(wire::TftpError{0, "done"}));
    auto end = server.wait_for_ends(1)[0];
    EXPECT_EQ(end.outcome.ending, tftp::Ending::complete);
    EXPECT_EQ(end.outcome.bytes, 50'000u);
    EXPECT_TRUE(end.write);
  }
}

TEST(TftpUpload, StoresTextThatIsWrittenInNetascii) {
  WriteFolder disk;
  Server server(disk.settings);
  Client client;
  write(client, server.at(), {true, "t", "netascii", {}}, std::string_view("a\r\nb\r\0c\r\n", 9));
  EXPECT_EQ(disk.content("t"), "a\nb\rc\n");
}

TEST(TftpUpload, KeepsNothingOfAWriteThatDoesNotEnd) {
  WriteFolder disk;
  disk.settings.patience = {milliseconds(20), milliseconds(50), milliseconds(200)};
  Server server(disk.settings);
  {
    Client silent, failed;
    silent.say(server.at(), serialize(wire::TftpRequest{true, "silent", "octet", {}}));
    silent.hear();
    failed.say(server.at(), serialize(wire::TftpRequest{true, "failed", "octet", {}}));
    failed.say(failed.hear()->from, serialize(wire::TftpError{0, "changed my mind"}));
    server.wait_for_ends(2);
  }
  EXPECT_EQ(disk.files(), 0u);
}

TEST(TftpUpload, RefusesAWriteThatIsTooLargeOrThereAlreadyOrOneTooMany) {
  WriteFolder disk;
  Server server(disk.settings);
  Client client;
  auto large = write(client, server.at(), {true, "large", "octet", {{"tsize", "100001"}}}, "");
  EXPECT_EQ(std::get<wire::TftpError>(large->packet).code, 3);
  auto longer = write(client, server.at(), {true, "longer", "octet", {}}, std::string(100'001, 'x'));
  EXPECT_EQ(std::get<wire::TftpError>(longer->packet).text, "this server takes 100000 bytes and no more");
  server.wait_for_ends(1);
  EXPECT_EQ(disk.files(), 0u);

  Client again;
  write(again, server.at(), {true, "there", "octet", {}}, "x");
  Client there;
  EXPECT_EQ(
      std::get<wire::TftpError>(write(there, server.at(), {true, "there", "octet", {}}, "y")->packet).code,
      6);
  EXPECT_EQ(disk.content("there"), "x");

  Client busy[3];  // the one that lingers after its last ACK does not count
  for (Client& one : busy) one.say(server.at(), serialize(wire::TftpRequest{true, "b", "octet", {}}));
  EXPECT_EQ(busy[2].hear_a<wire::TftpError>().text, "busy: other files are being written; try again");
}

}  // namespace
}  // namespace slipway::server
