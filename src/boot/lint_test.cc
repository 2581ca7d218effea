// SPDX-License-Identifier: MPL-2.0
// Every rule both ways: a text that breaks it, and one as near as possible that does not.
#include "boot/lint.h"

#include <set>

#include <fmt/format.h>

#include "base/test_golden.h"
#include "boot/kernel_line.h"
#include "boot/test_plan.h"
#include "boot/test_plan_cases.h"

namespace slipway::boot {
namespace {

using testing::context;
using testing::draft;
using testing::plan_of;

bool found(const Findings& findings, Rule rule) {
  for (const Finding& finding : findings) {
    if (finding.rule == rule) return true;
  }
  return false;
}

std::string all(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) out += finding.to_string() + "\n";
  return out;
}

const std::string unix_url = "http://10.0.0.1/os/1/platform/i86pc/kernel/amd64/unix";
const std::string archive = "module http://10.0.0.1/a type=rootfs name=ramdisk || goto bad\n";
const std::string hash = "module http://10.0.0.1/h type=hash name=ramdisk || goto bad\n";

std::string around(const std::string& middle) {
  return "#!ipxe\nimgfree ||\n" + middle + "boot || goto bad\n:bad\nprompt ||\n";
}
std::string kernel(const std::string& rest) {
  return "kernel " + rest + " || goto bad\n";
}
/// A script that boots with these arguments.
std::string args(const std::string& arguments) {
  return around(kernel(unix_url + " " + arguments) + archive + hash);
}
/// A script that boots a kernel from this URL.
std::string url(const std::string& text) {
  return around(kernel(text + " -B a=b") + archive + hash);
}
/// A script that boots Linux with these arguments.
std::string tux(const std::string& arguments) {
  return around(kernel("http://10.0.0.1/linux initrd=initrd.gz " + arguments) +
                "initrd http://10.0.0.1/initrd.gz || goto bad\n");
}
std::string modules(const std::string& lines) {
  return around(kernel(unix_url + " -B a=b") + lines);
}
/// A script of other commands.
std::string says(const std::string& lines) {
  return "#!ipxe\n" + lines;
}
/// A PXELINUX file.
std::string pxe(const std::string& append, const std::string& loader = "mboot.c32") {
  return "default a\nlabel a\nkernel " + loader + "\nappend " + append + "\n";
}
const std::string pxe_unix = "os/1/platform/i86pc/kernel/amd64/unix";
const std::string pxe_modules = " --- os/1/a type=rootfs name=ramdisk --- os/1/h type=hash name=ramdisk";

struct Case {
  Rule rule;
  std::string breaks, keeps;
};

std::vector<Case> ipxe_cases() {
  std::string many;
  for (int i = 0; i < 7; ++i) many += "module http://10.0.0.1/f type=file name=f || goto bad\n";
  std::size_t rest = std::string("http://10.0.0.1/a type=rootfs name=ramdisk").size() +
                     std::string("http://10.0.0.1/h type=hash name=ramdisk").size() + unix_url.size() +
                     std::string(" -B a=").size() + 3;
  std::string room(512 - rest, 'x');
  std::string no_free =
      "#!ipxe\n" + kernel(unix_url + " -B a=b") + archive + hash + "boot || goto bad\n:bad\n";
  return {
      {Rule::kernel_path, url("http://10.0.0.1/platform-1/i86pc/kernel/amd64/unix"), url(unix_url)},
      {Rule::kernel_path, url("http://10.0.0.1/os/1/platform/kernel/unix"), url(unix_url)},
      {Rule::kernel_path_twice, url("http://10.0.0.1/platform/1/platform/i86pc/kernel/amd64/unix"),
       url(unix_url)},
      {Rule::kernel_path_twice, args("-B a=/platform/x"), args("-B a=platform/x")},
      {Rule::kernel_path_tail, url(unix_url + "?mac=1"), url(unix_url)},
      {Rule::word_multiboot, args("-B note=multiboot"), args("-B note=multi-boot")},
      {Rule::word_multiboot, url("http://10.0.0.1/multiboot/platform/i86pc/kernel/amd64/unix"),
       url(unix_url)},
      {Rule::flag_unknown, args("-q -B a=b"), args("-v -B a=b")},
      {Rule::flag_word, args("a=b"), args("-B a=b")},
      {Rule::flag_word, args("-B a=b c=d"), args("-B a=b,c=d")},
      {Rule::flag_kmdb, args("-d -B a=b"), args("-kd -B a=b")},
      {Rule::property_name, args("-B a=b,,c=d"), args("-B a=b,c=d")},
      {Rule::property_twice, args("-B a=b,a=c"), args("-B a=b,A=c")},
      {Rule::property_value, args("-B smartos"), args("-B smartos=true")},
      {Rule::property_value, args("-B a=\"b\"c"), args("-B a=\"bc\"")},
      {Rule::kernel_line_length, args("-B a=" + std::string(4094, 'x')),
       args("-B a=" + std::string(4093, 'x'))},
      {Rule::console_mode, args("-B console=text,ttyb-mode=9600"), args("-B console=ttyb,ttyb-mode=9600")},
      {Rule::mode_format, args("-B console=ttyb,ttyb-mode=9600"),
       args("-B console=ttyb,ttyb-mode=\"9600,8,n,1,-\"")},
      {Rule::mode_format, args("-B console=ttyb,ttyb-mode=\"14400,8,n,1,-\""),
       args("-B console=ttyb,ttyb-mode=\"19200,7,e,2,h\"")},
      {Rule::mode_format, args("-B console=ttyb,ttyb-mode=\"9600,8,n,1,-,-\""),
       args("-B console=ttyb,ttyb-mode=\"110,5,o,1,s\"")},
      {Rule::property_unknown, args("-B smatros=true"), args("-B rack=true")},
      {Rule::property_type, args("-B noimport=yes"), args("-B noimport=true")},
      {Rule::property_type, args("-B boot-ncpus=all"), args("-B boot-ncpus=0x4")},
      {Rule::console_mode, args("-B console=com1"), args("-B console=text")},
      {Rule::destroy_zpools, args("-B destroy_zpools=true"), args("-B destroy_zpools=false")},
      {Rule::default_password, args("-B root_shadow='" + std::string(testing::wiki_hash) + "'"),
       args("-B root_shadow='$5$a$b'")},
      {Rule::shadow_cut, args("-B root_shadow='$6$rounds=9$a$b'"), args("-B root_shadow='$6$a$b'")},
      {Rule::rescue_password, args("-B standalone=true,noimport=true,root_shadow='$5$a$b'"),
       args("-B smartos=false,noimport=true,root_shadow='$5$a$b'")},
      {Rule::rescue_login, args("-B smartos=false,noimport=true"),
       args("-B smartos=false,noimport=true,root_shadow='$5$a$b'")},
      {Rule::rescue_login, args("-B smartos=true,noimport=true"), args("-B smartos=true,noimport=false")},
      {Rule::arguments_word, tux("a=\"b c"), tux("a=\"b c\"")},
      {Rule::arguments_gap, tux("url={x}/y"), tux("url={image}/y")},
      {Rule::arguments_length, tux(std::string(2048 - 17, 'x')), tux(std::string(2047 - 17, 'x'))},
      {Rule::script_initrd_name,
       around(kernel("http://10.0.0.1/linux") + "initrd --name a http://10.0.0.1/b || goto bad\n"),
       around(kernel("http://10.0.0.1/linux initrd=a") + "initrd --name a http://10.0.0.1/b || goto bad\n")},
      {Rule::no_rootfs, modules(hash), modules(archive + hash)},
      {Rule::no_rootfs, modules(""), modules("module http://10.0.0.1/a || goto bad\n")},
      {Rule::module_untyped, modules(archive + "module http://10.0.0.1/h || goto bad\n"),
       modules(archive + hash)},
      {Rule::module_type, modules(archive + "module http://10.0.0.1/h type=sha1 || goto bad\n"),
       modules(archive + hash)},
      {Rule::module_no_hash, modules(archive), modules(archive + hash)},
      {Rule::module_no_hash,
       modules("module http://10.0.0.1/a type=rootfs name=ramdisk hash=abc || goto bad\n"),
       modules("module http://10.0.0.1/a type=rootfs name=ramdisk hash=" + std::string(40, 'a') +
               " || goto bad\n")},
      {Rule::module_count, modules(archive + hash + many), modules(archive + many)},
      {Rule::script_head, "#!ipxe \necho a\n", "#!ipxe\necho a\n"},
      {Rule::script_head, "echo a\n", says("echo a\n")},
      {Rule::script_bytes, "#!ipxe\r\necho a\r\n", says("echo a\n")},
      {Rule::script_bytes, "\xef\xbb\xbf#!ipxe\necho a\n", says("echo\ta\n")},
      {Rule::script_command, says("params || echo no\n"), says("imgstat\n")},
      {Rule::script_label, says("goto a\n:b\n"), says("goto a\n:a\n")},
      {Rule::script_label, says("menu\nitem --key a one One\n"), says("menu\nitem --key a one One\n:one\n")},
      {Rule::script_label_twice, says(":a\n:a\n"), says(":a\n:b\n")},
      {Rule::script_no_failure_path, says("chain http://10.0.0.1/x\n"),
       says("chain http://10.0.0.1/x || shell\n")},
      {Rule::script_no_failure_path, says("goto ${target}\n"), says("goto ${target} ||\n")},
      {Rule::script_imgfree, no_free, args("-B a=b")},
      {Rule::script_quoting, args("-B a=\"b || c\""), args("-B a=\"b|| c\"")},
      {Rule::script_quoting, args("-B a=\"b  c\""), args("-B a=\"b c\"")},
      {Rule::script_https, says("chain https://10.0.0.1/x || shell\n"),
       says("chain http://10.0.0.1/x || shell\n")},
      {Rule::budget, args("-B a=x" + room), args("-B a=" + room)},
  };
}

std::vector<Case> pxelinux_cases() {
  std::string room(2047 - std::string("append  -B a=").size() - pxe_unix.size() - pxe_modules.size(), 'x');
  return {
      {Rule::pxelinux_line_length, pxe(pxe_unix + " -B a=x" + room + pxe_modules),
       pxe(pxe_unix + " -B a=" + room + pxe_modules)},
      {Rule::pxelinux_separator, pxe(pxe_unix + " -B a=\"b --- c\"" + pxe_modules),
       pxe(pxe_unix + " -B a=\"b---c\"" + pxe_modules)},
      {Rule::pxelinux_path, pxe("/" + pxe_unix + " -B a=b" + pxe_modules),
       pxe(pxe_unix + " -B a=b" + pxe_modules)},
      {Rule::pxelinux_path, pxe(pxe_unix + pxe_modules, "smartos/mboot.c32"), pxe(pxe_unix + pxe_modules)},
      {Rule::script_label, "default b\nlabel a\n", "default a\nlabel a\n"},
      {Rule::script_label_twice, "label a\nlabel a\n", "label a\nlabel b\n"},
      {Rule::flag_kmdb, pxe(pxe_unix + " -d -B a=b" + pxe_modules),
       pxe(pxe_unix + " -kd -B a=b" + pxe_modules)},
  };
}

}  // namespace

TEST(LintIpxe, FindsEveryBrokenRuleAndNothingBesides) {
  for (const Case& one : ipxe_cases()) {
    Findings broken = lint_ipxe(one.breaks), kept = lint_ipxe(one.keeps);
    EXPECT_TRUE(found(broken, one.rule)) << info(one.rule).id << " not found in\n"
                                         << one.breaks << all(broken);
    EXPECT_FALSE(found(kept, one.rule)) << info(one.rule).id << " found in\n" << one.keeps << all(kept);
  }
}

TEST(LintPxelinux, FindsEveryBrokenRuleAndNothingBesides) {
  for (const Case& one : pxelinux_cases()) {
    Findings broken = lint_pxelinux(one.breaks), kept = lint_pxelinux(one.keeps);
    EXPECT_TRUE(found(broken, one.rule)) << info(one.rule).id << " not found in\n"
                                         << one.breaks << all(broken);
    EXPECT_FALSE(found(kept, one.rule)) << info(one.rule).id << " found in\n" << one.keeps << all(kept);
  }
}

TEST(LintOfAConfiguration, FindsEveryBrokenRuleAndNothingBesides) {
  for (const testing::PlanCase& one : testing::plan_cases()) {
    Findings broken = findings_of(one, one.breaks), kept = findings_of(one, one.keeps);
    EXPECT_TRUE(found(broken, one.rule)) << info(one.rule).id << " not found in\n" << all(broken);
    EXPECT_FALSE(found(kept, one.rule)) << info(one.rule).id << " found in\n" << all(kept);
  }
}

TEST(Lint, HasACaseBothWaysForEveryRuleAndAnIdOfItsOwn) {
  std::set<Rule> tried;
  for (const testing::PlanCase& one : testing::plan_cases()) tried.insert(one.rule);
  for (const Case& one : ipxe_cases()) tried.insert(one.rule);
  for (const Case& one : pxelinux_cases()) tried.insert(one.rule);
  std::set<std::string_view> ids;
  for (const RuleInfo& rule : rules()) {
    EXPECT_TRUE(tried.count(rule.rule)) << rule.id;
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id << " is there twice";
    EXPECT_FALSE(rule.about.empty()) << rule.id;
  }
}

TEST(Lint, HasItsRulesInTheManual) {
  std::string page =
      "# What a boot is checked for\n\n"
      "<!-- Made from src/boot/finding.cc by boot_test; UPDATE_GOLDEN=1 writes it anew. -->\n\n"
      "`slipway boot preview --mac MACHINE` shows what a machine would be served, and each of these rules "
      "that it breaks.\nWhat Slipway writes itself breaks none; a configuration can.\n\n"
      "| rule | severity | why it exists |\n|---|---|---|\n";
  for (const RuleInfo& rule : rules()) {
    std::string_view severity = rule.severity == Severity::error ? "error" : "warning";
    std::string about(rule.about);
    for (auto bar = about.find('|'); bar != about.npos; bar = about.find('|', bar + 2))
      about.insert(bar, "\\");
    page += fmt::format("| `{}` | {} | {} |\n", rule.id, severity, about);
  }
  expect_file_says("docs/reference/boot-rules.md", page);
}

TEST(Lint, SaysWhereWhatAndWhatToDo) {
  Findings findings = lint_ipxe(says("\ngoto nowhere\n"));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].to_string(),
            "line 3: error: script-label: there is no label nowhere; add a line :nowhere");
}

TEST(Lint, OfTheWikisScriptFindsItsFaults) {
  Findings findings = lint_ipxe(
      "kernel /smartos/20121004T212912Z/platform/i86pc/kernel/amd64/unix -B smartos=true\n"
      "initrd /smartos/20121004T212912Z/platform/i86pc/amd64/boot_archive\n");
  EXPECT_TRUE(found(findings, Rule::script_head));
  EXPECT_TRUE(found(findings, Rule::script_no_failure_path));
  EXPECT_TRUE(found(findings, Rule::script_imgfree));
  EXPECT_TRUE(found(findings, Rule::module_no_hash));
  EXPECT_FALSE(found(findings, Rule::no_rootfs)) << "a single untyped module is taken for the root";
}

TEST(Lint, LeavesOtherKernelsAlone) {
  Findings findings = lint_ipxe(
      "#!ipxe\nimgfree ||\nkernel http://10.0.0.1/linux auto=true initrd=initrd.gz || goto bad\n"
      "initrd http://10.0.0.1/initrd.gz || goto bad\nboot || goto bad\n:bad\n");
  EXPECT_TRUE(findings.empty()) << all(findings);
}

TEST(Lint, CountsNoBytesItCannotKnow) {
  EXPECT_FALSE(found(lint_ipxe(args("-B a=${mac}" + std::string(600, 'x'))), Rule::budget));
  EXPECT_TRUE(found(lint_ipxe(args("-B a=" + std::string(600, 'x'))), Rule::budget));
  EXPECT_FALSE(
      found(lint_ipxe(args("-B a=" + std::string(600, 'x')), Limits{4096, 16, true, true}), Rule::budget));
}

TEST(LintDecision, ReportsArgumentsWordsModulesAndBytesOfEveryEntry) {
  model::Draft made = draft();
  made.profiles[0].variants = {model::Variant::rescue};
  made.profiles[0].properties.push_back({"note", "a ; " + std::string(340, 'x'), {}});
  made.profiles[0].properties.push_back({"destroy_zpools", "true", {}});
  made.profiles[0].confirmed = {"destroy_zpools"};
  model::Image image = testing::smartos_image();
  image.files.erase(image.files.begin() + 1);
  auto plan = plan_of(made, {image});
  Findings findings = lint(decide(*plan, testing::bios_ipxe()), context());
  for (Rule rule : {Rule::script_quoting, Rule::module_no_hash, Rule::budget, Rule::destroy_zpools})
    EXPECT_TRUE(found(findings, rule)) << info(rule).id;
  EXPECT_TRUE(has_errors(findings));
  EXPECT_TRUE(findings.front().sentence.starts_with("smartos-normal: ")) << findings.front().sentence;
  EXPECT_TRUE(findings.back().sentence.starts_with("smartos-rescue: ")) << findings.back().sentence;
}

TEST(LintDecision, LetsAMachineHaveAConsoleOfItsOwn) {
  model::Draft made = draft();
  made.profiles[0].console = "ttyb";
  made.machines[0].properties = {{"console", "text", {}}};
  auto plan = plan_of(made);
  Findings findings = lint(decide(*plan, testing::bios_ipxe()), context());
  EXPECT_TRUE(findings.empty()) << all(findings);
}

TEST(LintDecision, FindsNothingInAPlainOne) {
  auto plan = plan_of(draft());
  Findings findings = lint(decide(*plan, testing::bios_ipxe()), context());
  EXPECT_TRUE(findings.empty()) << all(findings);
  EXPECT_TRUE(lint(LocalDisk{}, context()).empty());
}

}  // namespace slipway::boot
