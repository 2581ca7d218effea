// SPDX-License-Identifier: MPL-2.0
// Any content of networking.json, answers.json and a file of credentials is in order or has findings; what is
// in order holds nothing that a shell would take for more than text.
#include <algorithm>
#include <cstdlib>

#include "base/bytes.h"
#include "boot/boot_files.h"
#include "boot/san.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = std::make_shared<const std::string>(as_text({data, size}));
  for (const char* name : {"networking.json", "answers.json"}) {
    boot::Findings findings = boot::check({{name, text, "", ""}}, {});
    bool evil = text->find_first_of("`;|&") != std::string::npos;
    bool password = text->find("root_password") != std::string::npos;
    bool rules = text->find("nictag_rules") != std::string::npos;
    bool one_name = std::count(text->begin(), text->end(), ':') == 1;  // of two equal names the last counts
    if (evil && one_name && !password && !rules && !boot::has_errors(findings)) std::abort();
  }
  model::Profile profile;
  profile.san.emplace();
  profile.san->target = "iqn.2024-01.example:a";
  profile.san->portal = Ipv4{1};
  profile.san->credentials = {"f", text, {}, {}};
  auto disk = boot::san_of(profile, nullptr, {});
  if (!disk || (!disk->credentials && disk->findings.empty())) std::abort();
  return 0;
}
