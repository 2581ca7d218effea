// SPDX-License-Identifier: MPL-2.0
// Our answers to real firmware: every request of tests/golden/*.pcap, what it is taken for, what it is
// answered and where to. To write the text anew after a change that is meant: UPDATE_GOLDEN=1 dhcp_test
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/test_golden.h"
#include "dhcp/test_rig.h"
#include "wire/pcap.h"

namespace slipway::dhcp {
namespace {

using namespace test;

const std::filesystem::path folder = std::filesystem::path(SLIPWAY_SOURCE_DIR) / "tests/golden";

/// The laboratory the captures come from: this server is 10.77.0.1, a relay leads to 10.78.0.0/24.
model::Draft laboratory() {
  model::Draft draft;
  draft.server.interfaces = {"lab", "far"};
  model::Subnet near = subnet("10.77.0.0/24", {pool("10.77.0.90", "10.77.0.250")});
  near.interface = "lab";
  near.routers = {ip("10.77.0.1")};
  near.dns = {ip("10.77.0.1")};
  model::Subnet far = subnet("10.78.0.0/24", {pool("10.78.0.100", "10.78.0.200")});
  far.interface = "far";
  draft.subnets = {near, far};
  return draft;
}

std::string words(const Settled& settled) {
  if (auto* ignore = std::get_if<Ignore>(&settled)) return fmt::format("dropped: {}", to_string(ignore->why));
  auto* answer = std::get_if<Answer>(&settled);
  if (!answer) return "done, nothing to say";
  const DhcpMessage& message = answer->message;
  std::string codes;
  for (auto entry : message.options.entries()) codes += fmt::format(" {}", entry.code);
  return fmt::format("{} to {}, file \"{}\", siaddr {}, options{}",
                     wire::to_string(message.options.get<opt::MessageType>().value()), to_string(answer->to),
                     message.file, message.siaddr.to_string(), codes);
}

std::string answers_to(const std::filesystem::path& path) {
  std::string name = path.filename().string(), text = name + "\n";
  std::string file = read_source_file("tests/golden/" + name);
  auto capture = wire::read_pcap(as_bytes(file));
  Rig rig(laboratory());
  for (const wire::Datagram& datagram : capture->datagrams) {
    bool to_server = datagram.to.port == wire::dhcp_server_port || datagram.to.port == wire::proxy_dhcp_port;
    auto message = wire::parse_dhcp(datagram.payload);
    if (!to_server || datagram.cut || !message || message->op != wire::Op::boot_request) continue;
    Arrival arrival{"lab", 7, ip("10.77.0.1"), datagram.to.address, datagram.from, datagram.to.port};
    Handled handled = rig.handle(*message, arrival);
    const Trace& trace = handled.trace;
    text += fmt::format("  {} of {}{}{}\n", wire::to_string(trace.asked.value()),
                        model::to_string(trace.client.stage), trace.known_by.empty() ? "" : ", known by ",
                        trace.known_by);
    text += fmt::format("    {}\n", trace.reason);
    text += fmt::format("    {}\n", words(rig.carry_out(handled.verdict)));
  }
  return text;
}

TEST(Golden, AnswersRealFirmwareAsItAlwaysDid) {
  std::vector<std::filesystem::path> captures;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".pcap") captures.push_back(entry.path());
  }
  std::sort(captures.begin(), captures.end());
  std::string text;
  for (const auto& path : captures) {
    std::string answers = answers_to(path);
    if (std::count(answers.begin(), answers.end(), '\n') > 1) text += answers;
  }
  expect_file_says("tests/golden/dhcp-answers.txt", text);
}

}  // namespace
}  // namespace slipway::dhcp
