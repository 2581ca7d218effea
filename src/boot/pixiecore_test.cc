// SPDX-License-Identifier: MPL-2.0
#include "boot/pixiecore.h"

#include <gmock/gmock.h>

#include "boot/names.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using testing::context;
using ::testing::HasSubstr;
using testing::plan_of;
using ::testing::StartsWith;

model::Client node1() {
  model::Client client;
  client.mac = testing::mac();
  return client;
}

std::shared_ptr<const model::Plan> linux_plan(const std::string& argument) {
  model::Image image;
  image.id = std::string(64, 'd');
  image.kind = model::ImageKind::linux_kernel;
  image.version = "debian-12";
  for (const char* path : {"initrd.gz", "linux"})
    image.files.push_back({path, 1000, std::string(64, '0'), std::string(40, '0')});
  image.parts = {{model::BootPart::Use::kernel, "linux", "base={image}/x"},
                 {model::BootPart::Use::initrd, "initrd.gz", ""}};
  model::Draft draft = testing::draft();
  draft.profiles[0].image = {model::ImageKind::linux_kernel, "latest"};
  draft.profiles[0].properties.clear();
  draft.profiles[0].arguments = {argument};
  return plan_of(draft, {image});
}

TEST(Pixiecore, IsToldKernelInitrdAndArgumentsOfLinux) {
  auto plan = linux_plan("note=\"a b\"");
  EXPECT_EQ(pixiecore_answer(decide(*plan, node1()), context()),
            "{\"kernel\": \"http://10.99.99.250/images/dddddddddddd/linux\", "
            "\"initrd\": [\"http://10.99.99.250/images/dddddddddddd/initrd.gz\"], "
            "\"cmdline\": \"base=http://10.99.99.250/images/dddddddddddd/x note=\\\"a b\\\"\", "
            "\"message\": \"Slipway: linux debian-12 for node1\"}\n");
}

TEST(Pixiecore, IsGivenTheScriptWhereItsWordsWouldNotDo) {
  auto smartos = pixiecore_answer(decide(*plan_of(testing::draft()), node1()), context());
  ASSERT_TRUE(smartos);
  EXPECT_THAT(*smartos, StartsWith("{\"ipxe-script\": \"#!ipxe\\u000a"));
  auto braces = linux_plan("x={{URL}}");
  EXPECT_THAT(*pixiecore_answer(decide(*braces, node1()), context()), StartsWith("{\"ipxe-script\""));
}

TEST(Pixiecore, IsToldNoSecretsButSendsTheMachineToItsOwnScript) {
  model::Draft draft = testing::draft();
  draft.profiles[0].image = {};
  draft.profiles[0].properties.clear();
  model::San san;
  san.target = "iqn.2024-01.example.rack:node1";
  san.portal = *Ipv4::parse("10.99.99.5");
  draft.profiles[0].san = san;
  auto open = pixiecore_answer(decide(*plan_of(draft), node1()), context());
  EXPECT_THAT(*open, HasSubstr("sanboot iscsi:10.99.99.5"));
  draft.profiles[0].san->credentials = {
      "/chap", std::make_shared<const std::string>("node1\nmachine-secret\n"), {}, {}};
  auto answer = pixiecore_answer(decide(*plan_of(draft), node1()), context());
  EXPECT_THAT(*answer,
              HasSubstr("chain --replace --autofree http://10.99.99.250/boot/${netX/mac:hexhyp}.ipxe"));
  for (std::string_view never : {"password", "machine-secret", "***"})
    EXPECT_EQ(answer->find(never), std::string::npos) << never;
}

TEST(Pixiecore, ShowsAMachinesConsoleWhyItDoesNotBoot) {
  auto plan = plan_of(testing::draft(), {});
  EXPECT_THAT(*pixiecore_answer(decide(*plan, node1()), context()), HasSubstr("no-image"));
}

TEST(Pixiecore, LeavesAMachineAloneThatBootsFromItsDisk) {
  EXPECT_FALSE(pixiecore_answer(LocalDisk{}, context()));
  EXPECT_FALSE(pixiecore_answer(Silent{}, context()));
}

TEST(Pixiecore, AsksByANameOfItsOwn) {
  auto name = parse("/v1/boot/0c:c4:7a:ab:cd:ef");
  ASSERT_TRUE(name);
  EXPECT_EQ(*name, Name{PixiecoreQuestion{testing::mac()}});
  EXPECT_EQ(to_path(*name), "/v1/boot/0c:c4:7a:ab:cd:ef");
  EXPECT_TRUE(std::holds_alternative<OperatorFile>(parse("/v1/boot/node1").value()));
}

}  // namespace
}  // namespace slipway::boot
