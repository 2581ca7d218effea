// SPDX-License-Identifier: MPL-2.0
#include "server/boot_files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "boot/test_plan.h"

namespace slipway::server {
namespace {

namespace fs = std::filesystem;

class BootFilesTest : public testing::Test {
 protected:
  BootFilesTest() {
    fs::create_directories(state_ / "files");
    files_.publish(boot::testing::plan_of(boot::testing::draft()));
  }
  ~BootFilesTest() override { fs::remove_all(state_); }

  void write(const std::string& name, const std::string& text, fs::file_time_type at) {
    std::ofstream(state_ / "files" / name) << text;
    fs::last_write_time(state_ / "files" / name, at);
  }
  std::shared_ptr<const http::OpenFile> open(const std::string& name) {
    auto served = files_.get({name, *Ipv4::parse("10.99.99.66"), {*Ipv4::parse("10.99.99.1"), 80, 69}});
    if (!served) return nullptr;
    return std::get<std::shared_ptr<const http::OpenFile>>(served->content);
  }

  fs::path state_ = [] {
    std::string path = (fs::temp_directory_path() / "boot-files-XXXXXX").string();
    return fs::path(::mkdtemp(path.data()));
  }();
  image::Store images_{state_.string()};
  KnownClients clients_;
  BootFiles files_{images_, clients_, state_.string()};
};

// Archives give all their files one time; a transfer must not get the bytes of another file of that size.
TEST_F(BootFilesTest, TellsFilesOfOneSizeAndTimeApart) {
  auto at = fs::file_time_type::clock::now();
  write("node1.conf", "for node1", at);
  write("node2.conf", "for node2", at);
  auto one = open("node1.conf"), again = open("node1.conf"), other = open("node2.conf");
  ASSERT_TRUE(one && again && other);
  EXPECT_EQ(one->etag, again->etag);
  EXPECT_NE(one->etag, other->etag);
}

class BootFilesOfMachines : public BootFilesTest {
 protected:
  BootFilesOfMachines() {
    model::Draft made = boot::testing::draft();
    auto text = std::make_shared<const std::string>("abc");
    made.profiles[0].boot_files.modules = {{"etc/system", {"f", text, "a9993e", {}}, {}}};
    made.machines[0].address = *Ipv4::parse("10.99.99.20");
    files_.publish(boot::testing::plan_of(made));
  }

  Result<Served, NotServed> ask(std::string_view path, std::string_view from) {
    return files_.get({path, *Ipv4::parse(from), {*Ipv4::parse("10.99.99.1"), 80, 69}});
  }
};

TEST_F(BootFilesOfMachines, AreForTheMachineAlone) {
  constexpr std::string_view path = "/bootfs/0cc47aabcdef/etc/system";
  auto own = ask(path, "10.99.99.20");
  ASSERT_TRUE(own);
  EXPECT_EQ(*std::get<std::shared_ptr<const std::string>>(own->content), "abc");
  auto hash = ask("/bootfs/0cc47aabcdef/etc/system.hash", "10.99.99.20");
  ASSERT_TRUE(hash);
  auto other = ask(path, "10.99.99.21");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().why, NotServed::Why::forbidden);
  // A packet may say anything.
  model::Client stranger = boot::testing::stranger();
  stranger.address = *Ipv4::parse("10.99.99.20");
  clients_.learn(stranger);
  EXPECT_TRUE(ask(path, "10.99.99.20"));
  model::Client client = boot::testing::bios_ipxe();
  client.address = *Ipv4::parse("10.99.99.30");
  clients_.learn(client);
  EXPECT_FALSE(ask(path, "10.99.99.30"));
  clients_.learn_given(client);
  EXPECT_TRUE(ask(path, "10.99.99.30"));
  EXPECT_EQ(ask("/bootfs/0cc47aabcdef/none", "10.99.99.30").error().why, NotServed::Why::absent);
}

TEST_F(BootFilesOfMachines, AreNoStepOfItsBootWhenAnotherAsks) {
  constexpr std::string_view script = "/boot/0c-c4-7a-ab-cd-ef.ipxe";
  auto own = ask(script, "10.99.99.20");
  ASSERT_TRUE(own && own->script);
  EXPECT_EQ(own->script->machine, boot::testing::mac());
  auto other = ask(script, "10.99.99.66");
  ASSERT_TRUE(other && other->script) << "policy serves it";
  EXPECT_FALSE(other->script->machine);
  EXPECT_EQ(other->script->meant, boot::testing::mac());
  EXPECT_EQ(files_.whose("/bootfs/0cc47aabcdef/etc/system", *Ipv4::parse("10.99.99.66")).meant,
            boot::testing::mac());
  for (auto* made_up :
       {"/boot/02-00-00-00-00-99.ipxe", "/v1/boot/02:00:00:00:00:99", "/menu.lst.01020000000099",
        "/pxelinux.cfg/01-02-00-00-00-00-99", "/illumos/02-00-00-00-00-99/boot/loader.conf"}) {
    auto served = ask(made_up, "10.99.99.66");
    ASSERT_TRUE(served && served->script) << made_up;
    EXPECT_FALSE(served->script->machine) << made_up;
    EXPECT_FALSE(files_.whose(made_up, *Ipv4::parse("10.99.99.66")).machine) << made_up;
  }
}

TEST_F(BootFilesOfMachines, CarryOutAnOrderForOneBootForTheMachineAlone) {
  model::Draft made = boot::testing::draft();
  made.machines[0].address = *Ipv4::parse("10.99.99.20");
  auto assigned = std::make_shared<model::Assignments>();
  model::BootOnce once;
  once.machine = "node1";
  once.number = 42;
  assigned->put(once);
  files_.publish(boot::testing::plan_of(made)->with_assignments(assigned));
  constexpr std::string_view script = "/boot/0c-c4-7a-ab-cd-ef.ipxe";
  EXPECT_EQ(ask(script, "10.99.99.66")->script->once, 0u);
  EXPECT_EQ(ask(script, "10.99.99.20")->script->once, 42u) << "whoever asked before";
  EXPECT_EQ(ask(script, "10.99.99.66")->script->once, 0u);
}

TEST_F(BootFilesOfMachines, AreFoundByPxelinuxUnderUuidAndAddress) {
  model::Draft made = boot::testing::draft();
  made.machines[0].uuid = Uuid::parse("4c4c4544-0051-3010-8052-b4c04f4a3132");
  made.machines[0].address = *Ipv4::parse("10.99.99.20");
  files_.publish(boot::testing::plan_of(made));
  for (auto* name : {"/pxelinux.cfg/4c4c4544-0051-3010-8052-b4c04f4a3132", "/pxelinux.cfg/0A636314",
                     "/pxelinux.cfg/01-0c-c4-7a-ab-cd-ef"}) {
    auto served = ask(name, "10.99.99.20");
    ASSERT_TRUE(served && served->script) << name;
    EXPECT_EQ(served->script->machine, boot::testing::mac()) << name;
  }
  EXPECT_FALSE(ask("/pxelinux.cfg/0A6363", "10.99.99.20")) << "of a whole network";
  EXPECT_FALSE(ask("/pxelinux.cfg/0A636315", "10.99.99.20"));
  EXPECT_FALSE(ask("/pxelinux.cfg/4c4c4544-0051-3010-8052-b4c04f4a3133", "10.99.99.20"));
}

TEST_F(BootFilesOfMachines, WithoutAMachinesNameAreOfWhoeverHasTheAddress) {
  EXPECT_EQ(files_.whose("/undionly.kpxe", *Ipv4::parse("10.99.99.20")).machine, boot::testing::mac());
  EXPECT_FALSE(files_.whose("/undionly.kpxe", *Ipv4::parse("10.99.99.66")).machine);
}

TEST_F(BootFilesOfMachines, AreFoundByTheIllumosLoaderBelowItsRoot) {
  write("loader.rc", "\\ Forth", fs::file_time_type::clock::now());
  auto conf = ask("/illumos/0c-c4-7a-ab-cd-ef/boot/loader.conf", "10.99.99.20");
  ASSERT_TRUE(conf);
  EXPECT_NE(std::get<std::shared_ptr<const std::string>>(conf->content)->find("bootfile=\"/platform/"),
            std::string::npos);
  EXPECT_EQ(files_.role_of("/illumos/0c-c4-7a-ab-cd-ef/boot/loader.conf"), timeline::Role::script);
  EXPECT_TRUE(ask("/illumos/0c-c4-7a-ab-cd-ef/bootfs/etc/system", "10.99.99.20"));
  EXPECT_FALSE(ask("/illumos/0c-c4-7a-ab-cd-ef/bootfs/etc/system", "10.99.99.21"));
  EXPECT_TRUE(ask("/illumos/0c-c4-7a-ab-cd-ef/loader.rc", "10.99.99.20")) << "the operator's own";
}

TEST_F(BootFilesOfMachines, ThatAreLoadedLastAreTheArchive) {
  using Use = model::BootPart::Use;
  auto role = [&](std::vector<model::BootPart> parts, std::string path) {
    model::Image image;
    image.id = std::string(64, 'b');
    image.kind = model::ImageKind::linux_kernel;
    image.version = "own";
    for (const model::BootPart& part : parts)
      image.files.push_back({part.path, 1, std::string(64, '0'), std::string(40, '0')});
    image.parts = std::move(parts);
    files_.publish(boot::testing::plan_of(boot::testing::draft(), {image}));
    return files_.role_of("/images/bbbbbbbbbbbb/" + path);
  };
  std::vector<model::BootPart> whole{
      {Use::kernel, "linux", ""}, {Use::initrd, "one", ""}, {Use::initrd, "two", ""}};
  EXPECT_EQ(role({{Use::kernel, "linux", ""}}, "linux"), timeline::Role::archive)
      << "nothing comes behind it";
  EXPECT_EQ(role(whole, "linux"), timeline::Role::kernel);
  EXPECT_EQ(role(whole, "one"), timeline::Role::module);
  EXPECT_EQ(role(whole, "two"), timeline::Role::archive);
  EXPECT_EQ(role(whole, "three"), timeline::Role::unknown);
}

}  // namespace
}  // namespace slipway::server
