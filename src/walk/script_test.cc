// SPDX-License-Identifier: MPL-2.0
#include "walk/script.h"

#include <gtest/gtest.h>

#include "base/result.h"

namespace slipway::walk {
namespace {

using namespace std::chrono_literals;

Facts facts() {
  return {.mac = {{0x52, 0x54, 0, 1, 2, 3}}, .address = {0x0a000005}, .next_server = {0x0a000001}};
}

/// The steps as words, each ended well unless `fail` says that of its URL.
std::string walk(const std::string& text, const std::string& fail = "nothing", int most = 20) {
  Settings settings(facts());
  Script script(text, settings);
  std::string steps;
  for (bool ok = true; most-- > 0;) {
    Step step = script.next(ok);
    if (auto* wanted = std::get_if<Wanted>(&step)) {
      constexpr const char* names[] = {"script ", "kernel ", "module "};
      steps += names[static_cast<int>(wanted->role)] + wanted->url + ", ";
      ok = wanted->url.find(fail) == std::string::npos;
      if (ok && wanted->role == Role::script) return steps + "which goes on";
    } else if (auto* pause = std::get_if<Pause>(&step)) {
      steps += "wait " + std::to_string(pause->length / 1ms) + ", ";
      ok = true;
    } else if (auto* stopped = std::get_if<Stopped>(&step)) {
      return steps + "stopped: " + stopped->why;
    } else {
      return steps + "boots";
    }
  }
  return steps + "and so on";
}

TEST(Script, FetchesKernelAndModulesAndBoots) {
  EXPECT_EQ(walk("#!ipxe\nset base http://10.0.0.1/os\n"
                 "kernel ${base}/unix -B console=text || goto failed\n"
                 "module ${base}/archive type=rootfs name=ramdisk || goto failed\n"
                 "initrd --name x ${base}/initrd\nboot || goto failed\n:failed\nshell\n"),
            "kernel http://10.0.0.1/os/unix, module http://10.0.0.1/os/archive, "
            "module http://10.0.0.1/os/initrd, boots");
}

TEST(Script, GoesTheWayOfItsFailures) {
  EXPECT_EQ(walk("#!ipxe\nkernel unix || goto failed\nboot\n:failed\necho no kernel\n"
                 "prompt --timeout 2000 again && shell ||\nchain again.ipxe || goto end\n:end\nexit\n",
                 "unix"),
            "kernel unix, wait 2000, script again.ipxe, which goes on");
}

TEST(Script, StopsAtALineThatFailsWithItsNumberAndWhatItSaid) {
  EXPECT_EQ(walk("#!ipxe\necho two\necho words\nkernel unix\nboot\n", "unix"),
            "kernel unix, stopped: line 4 of the script failed: kernel unix; it said: two / words");
  EXPECT_EQ(walk("#!ipxe\necho hello\n"),
            "stopped: the script came to its end without a boot; it said: hello");
}

TEST(Script, KnowsItsMachine) {
  EXPECT_EQ(walk("#!ipxe\nchain --replace --autofree http://10.0.0.1/boot/${netX/mac:hexhyp}.ipxe\nexit\n"),
            "script http://10.0.0.1/boot/52-54-00-01-02-03.ipxe, which goes on");
  EXPECT_EQ(
      walk("#!ipxe\niseq ${platform} pcbios || goto not\nkernel http://${next-server}/${net0/mac:hexraw}/"
           "${ip}\nboot\n:not\n"),
      "kernel http://10.0.0.1/525400010203/10.0.0.5, boots");
}

TEST(Script, JudgesAsIpxeDoes) {
  EXPECT_EQ(walk("#!ipxe\nisset ${nothing} && goto wrong ||\nset x 1\nisset ${x} || goto wrong\n"
                 "iseq ${x} 2 && goto wrong || goto right\n:wrong\nkernel wrong\nboot\n:right\nkernel "
                 "right\nboot\n"),
            "kernel right, boots");
  EXPECT_EQ(walk("#!ipxe\nset a b\nset name-b inner\nkernel ${name-${a}}\nboot"), "kernel inner, boots");
}

TEST(Script, TakesTheDefaultOfAMenuWhenItsTimeIsUp) {
  EXPECT_EQ(walk("#!ipxe\nmenu Systems\nitem --gap Systems\nitem --key a one First\nitem two Second\n"
                 "choose --default two --timeout 3000 chosen || goto menu\ngoto ${chosen}\n"
                 ":one\nkernel one\nboot\n:two\nkernel two\nboot\n"),
            "wait 3000, kernel two, boots");
  EXPECT_EQ(walk("#!ipxe\nmenu\nitem one First\nchoose chosen\ngoto ${chosen}\n:one\nkernel one\nboot\n"),
            "kernel one, boots");
}

TEST(Script, DoesNotRunForEver) {
  EXPECT_EQ(walk("#!ipxe\n:a\ngoto a\n"), "stopped: the script runs in a circle");
  EXPECT_EQ(walk("#!ipxe\nset a ${a}${a}x${a}${a}\n:b\nset a ${a}${a}x${a}\ngoto b\n"),
            "stopped: the script runs in a circle");
}

TEST(Script, CountsWhatItDoesNotKnowAsFailed) {
  EXPECT_EQ(walk("#!ipxe\nfrobnicate || kernel other\nboot\n"), "kernel other, boots");
}

}  // namespace
}  // namespace slipway::walk
