// SPDX-License-Identifier: MPL-2.0
// Our answers to real firmware and clients, byte for byte as text: tests/golden/answers/, one file per
// capture, where Slipway gives the addresses and where it stands beside another server. To write them anew
// after a change that is meant: UPDATE_GOLDEN=1 dhcp_test. What they must hold whatever they say:
// golden_rules_test.cc.
#include <fmt/format.h>

#include "dhcp/test_captures.h"
#include "wire/dump.h"

namespace slipway::dhcp {
namespace {

using namespace test;

std::string indented(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    result += "    " + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return result;
}

std::string words(const Asked& asked) {
  if (auto* ignore = std::get_if<Ignore>(&asked.settled)) {
    return fmt::format("  dropped: {}\n", to_string(ignore->why));
  }
  if (!asked.answer()) return "  done, nothing to say\n";
  return fmt::format("  to {}, {} bytes\n{}", to_string(asked.answer()->to), asked.bytes().size(),
                     indented(wire::dump_dhcp(asked.reply())));
}

/// A request that is sent again and answered the same is one line.
std::string conversation(const std::string& capture, model::SubnetMode mode) {
  std::string text, last;
  for (const Asked& asked : replay(capture, mode)) {
    const Trace& trace = asked.trace;
    std::string type = trace.asked ? std::string(wire::to_string(*trace.asked)) : "BOOTP request";
    text += fmt::format("{} of {}{}{}\n  {}\n", type, model::to_string(trace.client.stage),
                        trace.known_by.empty() ? "" : ", known by ", trace.known_by, trace.reason);
    std::string answer = words(asked);
    text += asked.answer() && answer == last ? "  the same answer\n" : answer;
    last = std::move(answer);
  }
  return text;
}

TEST(Golden, AnswersRealFirmwareAsItAlwaysDid) {
  for (const std::string& capture : capture_names()) {
    std::string full = conversation(capture, model::SubnetMode::dhcp);
    if (full.empty()) continue;  // no DHCP in it
    std::string name = capture.substr(0, capture.size() - 5);
    expect_file_says(fmt::format("tests/golden/answers/{}.txt", name),
                     fmt::format("== {}: Slipway gives the addresses\n{}\n== {}: beside another server\n{}",
                                 capture, full, capture, conversation(capture, model::SubnetMode::proxy)));
  }
}

}  // namespace
}  // namespace slipway::dhcp
