// SPDX-License-Identifier: MPL-2.0
#include "boot/kernel_args.h"

#include <gmock/gmock.h>

#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using model::Variant;

std::string line(const model::Profile& profile, Variant variant = Variant::normal,
                 const model::Machine* machine = nullptr) {
  return to_line(kernel_args(profile, machine, variant));
}

model::Profile on(std::string console) {
  model::Profile profile = testing::profile();
  profile.console = std::move(console);
  return profile;
}

}  // namespace

TEST(KernelArgs, PutFlagsBeforeProperties) {
  model::Profile profile = testing::profile();
  profile.flags = {"-v", "-m verbose"};
  EXPECT_EQ(line(profile), "-v -m verbose -B smartos=true");
}

TEST(KernelArgs, OfNothingAreEmpty) {
  EXPECT_EQ(to_line(KernelArgs{}), "");
}

TEST(KernelArgs, GiveASerialConsoleItsMode) {
  EXPECT_EQ(line(on("ttyb")), "-B smartos=true,console=ttyb,ttyb-mode=\"115200,8,n,1,-\"");
  EXPECT_EQ(line(on("text")), "-B smartos=true,console=text");
}

TEST(KernelArgs, KeepTheModeTheOperatorGave) {
  model::Profile profile = on("ttya");
  profile.properties.push_back({"ttya-mode", "9600,8,n,1,-", {}});
  EXPECT_EQ(line(profile), "-B smartos=true,ttya-mode=\"9600,8,n,1,-\",console=ttya");
}

TEST(KernelArgs, LetAMachineOverrideItsProfile) {
  model::Machine machine;
  machine.properties = {{"console", "text", {}}, {"smartos", "false", {}}};
  machine.flags = {"-v"};
  EXPECT_EQ(line(on("ttyb"), Variant::normal, &machine), "-v -B smartos=false,console=text");
}

TEST(KernelArgs, OfTheSerialVariantUseTheLineTheOperatorUses) {
  EXPECT_EQ(line(on("text"), Variant::serial), "-B smartos=true,console=ttyb,ttyb-mode=\"115200,8,n,1,-\"");
  EXPECT_EQ(line(on("ttya"), Variant::serial), "-B smartos=true,console=ttya,ttya-mode=\"115200,8,n,1,-\"");
}

TEST(KernelArgs, OfTheRescueVariantLetThePasswordIn) {
  model::Profile profile = testing::profile();
  profile.properties.push_back({"standalone", "true", {}});
  profile.properties.push_back({"root_shadow", "$5$salt$hash", {}});
  EXPECT_EQ(line(profile, Variant::rescue), "-B smartos=false,root_shadow='$5$salt$hash',noimport=true");
}

TEST(KernelArgs, OfTheDebuggingVariantsLoadKmdb) {
  EXPECT_EQ(line(testing::profile(), Variant::kmdb), "-k -d -B smartos=true");
  EXPECT_EQ(line(testing::profile(), Variant::single_user), "-s -B smartos=true");
  EXPECT_EQ(line(testing::profile(), Variant::debug), "-k -d -v -m verbose -B smartos=true,prom_debug=true");
}

TEST(KernelArgs, CanReplaceTheConsole) {
  EXPECT_EQ(to_line(with_console(kernel_args(on("ttyb"), nullptr), "ttya")),
            "-B smartos=true,console=ttya,ttya-mode=\"115200,8,n,1,-\"");
}

TEST(KernelArgs, WantADangerousSettingConfirmed) {
  auto unconfirmed = [](const model::Profile& profile, const model::Machine* machine = nullptr) {
    Findings findings = check(kernel_args(profile, machine));
    return std::count_if(findings.begin(), findings.end(),
                         [](auto& f) { return f.rule == Rule::unconfirmed; });
  };
  model::Profile erases = testing::profile();
  erases.properties.push_back({"destroy_zpools", "true", {}});
  EXPECT_EQ(unconfirmed(erases), 1);
  model::Machine machine;
  machine.confirmed = {"destroy_zpools"};
  EXPECT_EQ(unconfirmed(erases, &machine), 0);
  erases.properties.back().value = "false";
  EXPECT_EQ(unconfirmed(erases), 0);
  model::Profile open = testing::profile();
  open.properties.push_back({"root_shadow", testing::wiki_hash, {}});
  open.confirmed = {"destroy_zpools"};
  EXPECT_EQ(unconfirmed(open), 1) << "one confirmation is not another";
  open.confirmed = {"default-password"};
  EXPECT_EQ(unconfirmed(open), 0);
}

TEST(Quoting, WrapsOnlyWhatNeedsIt) {
  EXPECT_EQ(quoted("true"), "true");
  EXPECT_EQ(quoted("0x10:a=b/c"), "0x10:a=b/c");
  EXPECT_EQ(quoted("a,b"), "\"a,b\"");
  EXPECT_EQ(quoted("a b"), "\"a b\"");
  EXPECT_EQ(quoted("$5$x"), "'$5$x'");
}

TEST(Quoting, TakesTheOtherQuoteWhenOneIsInside) {
  EXPECT_EQ(quoted("say \"hi\""), "'say \"hi\"'");
  EXPECT_EQ(quoted("it's, so"), "\"it's, so\"");
  EXPECT_EQ(quoted("it's"), "it's") << "a quote counts as the first character only";
  EXPECT_EQ(quoted("'it"), "\"'it\"");
}

TEST(Quoting, KnowsWhatCannotBeSaid) {
  EXPECT_FALSE(quoted("both \" and '"));
  EXPECT_FALSE(quoted(""));
  EXPECT_FALSE(quoted("two\nlines"));
  EXPECT_FALSE(quoted("caf\xc3\xa9"));
}

TEST(KernelArgs, ARescueDestroysNoPool) {
  model::Profile profile;
  profile.properties = {{"destroy_zpools", "true", {}}, {"headnode", "true", {}}};
  KernelArgs rescue = kernel_args(profile, nullptr, Variant::rescue);
  EXPECT_TRUE(std::none_of(rescue.properties.begin(), rescue.properties.end(),
                           [](const model::Property& each) { return each.name == "destroy_zpools"; }));
}

}  // namespace slipway::boot
