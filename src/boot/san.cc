// SPDX-License-Identifier: MPL-2.0
#include "boot/san.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "boot/arguments.h"
#include "boot/decide.h"
#include "boot/desired.h"
#include "boot/ipxe_text.h"

namespace slipway::boot {
namespace {

constexpr std::uint16_t usual_port = 3260;
constexpr std::size_t least_secret = 12;   // RFC 7143 §9.2.1: 96 bits, where IPsec does not help
constexpr std::size_t longest_name = 223;  // RFC 7143 §4.2.7.1

/// RFC 7143 §4.2.7.1: a type and what follows it; normalised names are lower case.
bool is_iscsi_name(std::string_view name) {
  bool typed = name.starts_with("iqn.") || name.starts_with("eui.") || name.starts_with("naa.");
  return typed && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::islower(c) || std::isdigit(c) || c == '-' || c == '.' || c == ':';
         });
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

/// Findings name lines, never what stands in them.
void check_secret(const std::string& secret, std::string_view whose, Findings& out) {
  if (secret.size() < least_secret)
    out.push_back({Rule::san_secret,
                   fmt::format("the {} secret has {} characters, and many targets want {} to 16", whose,
                               secret.size(), least_secret),
                   "make a longer one, on the target, too"});
}

void read_credentials(const model::LocalFile& file, SanDisk& disk) {
  auto wrong = [&](std::string what, std::string remedy) {
    disk.findings.push_back({Rule::san_credentials, std::move(what), std::move(remedy)});
  };
  if (!file.content)
    return wrong(
        fmt::format("credentials {} {}", file.path, file.fault.empty() ? "were not read" : file.fault),
        "correct the path, or let the daemon's account read it (`namei -l` shows who may), and reload");
  auto lines = lines_of(*file.content);
  if (lines.size() != 2 && lines.size() != 4)
    return wrong(fmt::format("credentials {} have {} lines", file.path, lines.size()),
                 "write name and secret on two lines; for mutual CHAP those of the target on two more");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || !ipxe_fault(lines[i]).empty() || lines[i].find(' ') != std::string::npos)
      return wrong(fmt::format("line {} of credentials {} cannot be said to iPXE", i + 1, file.path),
                   "use printable characters without blanks, #, ||, &&, ; and ${");
  }
  SanCredentials read{lines[0], lines[1], {}, {}};
  check_secret(read.secret, "machine's", disk.findings);
  if (lines.size() == 4) {
    read.target_name = lines[2];
    read.target_secret = lines[3];
    check_secret(read.target_secret, "target's", disk.findings);
  }
  disk.credentials = std::move(read);
}

std::string filled(std::string name, const model::Machine* machine, const MacAddress& mac) {
  std::string called = machine ? machine->name : mac.digits();
  called.erase(std::remove(called.begin(), called.end(), ':'), called.end());
  std::transform(called.begin(), called.end(), called.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  fill_in(name, "{name}", called);
  fill_in(name, "{mac}", mac.digits());
  return name;
}

}  // namespace

std::optional<SanDisk> san_of(const model::Profile& profile, const model::Machine* machine,
                              const MacAddress& mac) {
  if (!profile.san) return std::nullopt;
  model::San said = machine && machine->san ? model::merged(*profile.san, *machine->san) : *profile.san;
  SanDisk disk;
  disk.target = filled(said.target, machine, mac);
  disk.initiator = filled(said.initiator, machine, mac);
  if (said.target.empty() || !said.portal)
    disk.findings.push_back({Rule::san_target, "it is not said which disk this machine boots from",
                             "add target and portal to `san` of the profile or the machine"});
  for (const std::string& name : {disk.target, disk.initiator}) {
    if (!name.empty() && !is_iscsi_name(name))
      disk.findings.push_back({Rule::san_target, fmt::format("{} is no iSCSI name", name),
                               "write iqn.YEAR-MONTH.DOMAIN:NAME in small letters, digits and -.:"});
  }
  // RFC 4173 §5: the logical unit in hexadecimal; protocol 6 goes without saying.
  disk.uri = fmt::format("iscsi:{}::{}:{:x}:{}", said.portal.value_or(Ipv4{}).to_string(),
                         said.port.value_or(usual_port), said.lun.value_or(0), disk.target);
  if (!said.credentials.path.empty()) read_credentials(said.credentials, disk);
  return disk;
}

std::string san_root_path(const model::Plan& plan, const model::Client& client) {
  const model::Machine* machine = machine_of(plan, client);
  const model::Profile* profile = profile_of(plan, machine);
  if (!profile || course_of(plan, client) != Course::boot) return {};
  auto disk = san_of(*profile, machine, client.mac);
  return disk && !has_errors(disk->findings) ? disk->uri : std::string();
}

}  // namespace slipway::boot
