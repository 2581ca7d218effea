// SPDX-License-Identifier: MPL-2.0
// Laws that hold for any profile, however odd: what we write lints clean, and what is written on a kernel
// line is read back as it was meant.
#include <random>

#include <fmt/format.h>

#include "boot/kernel_line.h"
#include "boot/lint.h"
#include "boot/pxelinux.h"
#include "boot/test_plan.h"

namespace slipway::boot {
namespace {

using model::Variant;

class Oddities {
 public:
  explicit Oddities(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::string word(std::size_t most) {
    static constexpr std::string_view letters = "abcxyz019.-_ =,'\"$#;|&{}\\/:%+\t\n\x01\xc3";
    // Mostly letters, so that some of them make it past the checks.
    std::string out;
    for (std::size_t left = below(most + 1); left > 0; --left)
      out += letters[below(4) == 0 ? below(letters.size()) : below(13)];
    return out;
  }

  std::string value() {
    static constexpr const char* hard[] = {
        "true",       "a ; b",     "a || b",  "${mac}",         "a #b", "it's, so",     "\"q\" x", "a  b",
        "/platform/", "multiboot", "a --- b", "115200,8,n,1,-", "x --", "$5$salt$hash", "a\\"};
    return below(2) == 0 ? hard[below(std::size(hard))] : word(below(8) == 0 ? 400 : 20);
  }

  model::Profile profile() {
    static constexpr const char* consoles[] = {"", "text", "graphics", "ttya", "ttyb", "ttyd"};
    static constexpr const char* flags[] = {"-k", "-d", "-v", "-kd", "-m verbose", "-B", "x", "-s"};
    model::Profile made = testing::profile(word(12) + "p");
    made.console = consoles[below(std::size(consoles))];
    for (std::size_t left = below(3); left > 0; --left) made.flags.push_back(flags[below(std::size(flags))]);
    for (std::size_t left = below(4); left > 0; --left)
      made.properties = model::merged(made.properties, {{word(8) + "n", value(), {}}});
    for (Variant variant : {Variant::serial, Variant::rescue, Variant::kmdb, Variant::debug}) {
      if (below(3) == 0) made.variants.push_back(variant);
    }
    return made;
  }

  model::Client client() {
    model::Client made = testing::bios_ipxe();
    if (below(3) == 0) made.features = {};
    if (below(4) == 0) made.features.multiboot2 = made.features.reported = true;
    return made;
  }

 private:
  std::mt19937 random_;
};

/// What `decide` would make of this profile, without asking the configuration's own checks.
Decision decided(const model::Profile& profile, const model::Image& image, const model::Client& client) {
  Boot boot;
  boot.limits = limits_of(client);
  std::vector<Variant> variants{Variant::normal};
  variants.insert(variants.end(), profile.variants.begin(), profile.variants.end());
  for (Variant variant : variants) {
    Entry entry;
    entry.label = fmt::format("e-{}", to_string(variant));
    entry.title = profile.name;
    entry.profile = profile.name;
    entry.variant = variant;
    entry.image = &image;
    entry.kernel = "platform/i86pc/kernel/amd64/unix";
    entry.args = kernel_args(profile, nullptr, variant);
    entry.modules = {{Module::Type::rootfs, "ramdisk", "platform/i86pc/amd64/boot_archive", {}},
                     {Module::Type::hash, "ramdisk", "platform/i86pc/amd64/boot_archive.hash", {}}};
    if (has_errors(check(entry.args))) entry.fault = profile.name;
    boot.entries.push_back(std::move(entry));
  }
  boot.menu = boot.entries.size() > 1;
  boot.timeout = std::chrono::seconds(30);
  return boot;
}

}  // namespace

TEST(Laws, WhatIsWrittenForAnyProfileHasNoErrors) {
  model::Image image = testing::smartos_image();
  int booting = 0;
  for (unsigned seed = 0; seed < 5000; ++seed) {
    Oddities odd(seed);
    model::Profile profile = odd.profile();
    model::Client client = odd.client();
    ScriptContext context = testing::context();
    context.machine = odd.word(30);
    context.request_id = odd.word(10);
    std::string script = ipxe_script(decided(profile, image, client), context);
    Findings findings = lint_ipxe(script, limits_of(client));
    for (const Finding& finding : findings)
      ASSERT_NE(finding.severity(), Severity::error) << "seed " << seed << ": " << finding.to_string() << "\n"
                                                     << script;
    std::string config = pxelinux_config(decided(profile, image, client), context);
    for (const Finding& finding : lint_pxelinux(config))
      ASSERT_NE(finding.severity(), Severity::error) << "seed " << seed << ": " << finding.to_string() << "\n"
                                                     << config;
    booting += script.find("\nkernel ") != std::string::npos;
  }
  EXPECT_GT(booting, 1000) << "too few profiles made it to a kernel line for this to mean anything";
}

TEST(Laws, WhatIsWrittenOnAKernelLineIsReadBackAsItWasMeant) {
  int read = 0;
  for (unsigned seed = 0; seed < 5000; ++seed) {
    KernelArgs args = kernel_args(Oddities(seed).profile(), nullptr);
    if (has_errors(check(args))) continue;
    ++read;
    Findings faults;
    ASSERT_EQ(read_args(to_line(args), faults), args) << to_line(args);
    ASSERT_TRUE(faults.empty()) << faults.front().to_string();
  }
  EXPECT_GT(read, 500);
}

TEST(Laws, RefusalsOfAnyWordsHaveNoErrors) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Oddities odd(seed);
    Refusal refusal{Refusal::Why::no_image, odd.word(60), odd.word(60)};
    ScriptContext context = testing::context();
    context.machine = odd.word(20);
    Findings findings = lint_ipxe(ipxe_script(refusal, context));
    ASSERT_TRUE(findings.empty()) << findings.front().to_string();
    ASSERT_FALSE(has_errors(lint_pxelinux(pxelinux_config(refusal, context))));
  }
}

}  // namespace slipway::boot
