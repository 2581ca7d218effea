// SPDX-License-Identifier: MPL-2.0
// What the API says of what machines did: events, boots, the machines themselves. See schema.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "base/time.h"

namespace slipway::api {

struct EventView {
  std::uint64_t sequence = 0;
  std::uint64_t boot = 0;  ///< 0: belongs to no boot
  Instant at{};
  std::string kind;                         ///< "dhcp_discover"
  std::optional<std::string> machine;       ///< MAC address
  std::optional<std::string> machine_name;  ///< when the configuration names it
  std::optional<std::string> meant;         ///< MAC address: whose file was asked for from an address not its
  std::optional<std::string> address;
  std::optional<std::string> relay;   ///< of DHCP: the relay it came by
  std::optional<std::string> server;  ///< of DHCP: the server that it names, or that was heard
  std::optional<std::uint32_t> secs;  ///< of DHCP: for how many seconds it says it has been asking; absent: 0
  std::string stage;                  ///< what sent it: "PXE firmware"
  std::optional<std::string> arch;
  std::string name;  ///< served name, image
  std::string detail;
  std::string role;
  std::uint64_t offset = 0, bytes = 0, total = 0;
  std::optional<std::uint32_t> block_size;  ///< of TFTP: bytes of a block
  double took_seconds = 0;
  std::string text;  ///< the whole of it in one line for a person
};
BOOST_DESCRIBE_STRUCT(EventView, (),
                      (sequence, boot, at, kind, machine, machine_name, meant, address, relay, server, secs,
                       stage, arch, name, detail, role, offset, bytes, total, block_size, took_seconds, text))

struct EventList {
  std::vector<EventView> events;
  std::uint64_t last_sequence = 0;  ///< `since` of the next question
};
BOOST_DESCRIBE_STRUCT(EventList, (), (events, last_sequence))

struct StageView {
  std::string name;           ///< "discover"
  std::string state;          ///< "waiting", "running", "done", "failed", "skipped"
  std::optional<Instant> at;  ///< absent: not reached
  double took_seconds = 0;
  std::uint64_t bytes = 0, total = 0;
  std::uint64_t rate = 0;  ///< bytes per second
  std::uint32_t count = 0;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(StageView, (), (name, state, at, took_seconds, bytes, total, rate, count, detail))

/// What a diagnosis rests on.
struct EvidenceView {
  std::string text;         ///< "DHCPOFFER of 10.0.0.7"
  std::uint32_t count = 0;  ///< how often; 0: not counted
  std::optional<Instant> first, last;
};
BOOST_DESCRIBE_STRUCT(EvidenceView, (), (text, count, first, last))

/// One likely cause: docs/diagnoses.md lists them.
struct DiagnosisView {
  std::string id;  ///< "offered-not-requested": stable, for programs
  std::string cause;
  std::vector<EvidenceView> evidence;
  std::string remedy;
};
BOOST_DESCRIBE_STRUCT(DiagnosisView, (), (id, cause, evidence, remedy))

struct BootView {
  std::uint64_t id = 0;
  std::string machine;  ///< MAC address
  std::optional<std::string> machine_name;
  Instant started{}, last{};
  std::optional<std::string> address;
  std::optional<std::string> arch;
  std::vector<StageView> stages;
  std::string verdict;  ///< "kernel_cut": stable, for programs
  bool failed = false;
  std::string sentence;                  ///< where it stands, or why it stopped and what to do
  std::vector<DiagnosisView> diagnoses;  ///< that of the verdict first
};
BOOST_DESCRIBE_STRUCT(BootView, (),
                      (id, machine, machine_name, started, last, address, arch, stages, verdict, failed,
                       sentence, diagnoses))

struct BootList {
  std::vector<BootView> boots;      ///< newest first
  std::optional<std::string> next;  ///< `cursor` of the next page; absent: this was the last
};
BOOST_DESCRIBE_STRUCT(BootList, (), (boots, next))

/// One boot with its packets and transfers.
struct BootDetail {
  BootView boot;
  std::vector<EventView> events;  ///< oldest first; those that are still kept
};
BOOST_DESCRIBE_STRUCT(BootDetail, (), (boot, events))

/// What receivers of webhooks are sent.
struct BootNotice {
  std::string event;  ///< "boot.failed", "boot.booted"
  Instant at{};
  std::string server;  ///< version of slipwayd
  BootView boot;
};
BOOST_DESCRIBE_STRUCT(BootNotice, (), (event, at, server, boot))

/// What a machine boots the next time, and never after.
struct BootOnceView {
  std::string machine;
  std::optional<std::string> profile;         ///< absent: its own
  std::optional<std::string> version, image;  ///< absent: what it would boot anyway
  std::string variant;                        ///< "normal", "rescue", ...
  Instant since{};
  bool served = false;  ///< its boot has begun
};
BOOST_DESCRIBE_STRUCT(BootOnceView, (), (machine, profile, version, image, variant, since, served))

struct MachineView {
  std::string machine;  ///< MAC address, the first of several; empty: not configured and not seen yet
  std::optional<std::string> name;  ///< absent: the configuration does not name it
  std::vector<std::string> macs;
  std::optional<std::string> uuid;
  std::optional<std::string> address;           ///< its running lease, or where it was seen last
  std::optional<std::string> reserved_address;  ///< from the configuration
  std::optional<std::string> profile;           ///< what it is to boot
  std::optional<std::string> desired;           ///< image it is to boot next: "smartos@20240102T030405Z"
  std::optional<std::string>
      desired_by;                      ///< who says so: "the file", "everyone", "group left", "machine node1"
  std::optional<std::string> running;  ///< image that was delivered to it last
  std::optional<Instant> running_since;
  std::optional<std::string> last_good;  ///< image that its operating system came up with last
  std::optional<Instant> last_good_since;
  std::optional<BootOnceView> once;  ///< what is ordered for its next boot alone
  std::optional<Instant> last_seen;
  std::vector<std::string> groups;
  std::optional<std::uint64_t> boot;    ///< its newest boot
  std::optional<Instant> boot_started;  ///< and when that began
  std::optional<std::string> stage;     ///< the last stage it reached
  std::optional<std::string> arch;
  std::optional<std::string> verdict;  ///< of its newest boot; absent: never seen booting
  bool failed = false;
  std::optional<std::string> diagnosis;  ///< id of its likeliest cause; absent: none
  std::string stands;                    ///< in a few words, for a table: "archive cut", "holds an address"
  std::string sentence;
};
BOOST_DESCRIBE_STRUCT(MachineView, (),
                      (machine, name, macs, uuid, address, reserved_address, profile, desired, desired_by,
                       running, running_since, last_good, last_good_since, once, last_seen, groups, boot,
                       boot_started, stage, arch, verdict, failed, diagnosis, stands, sentence))

struct MachineList {
  std::vector<MachineView> machines;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(MachineList, (), (machines, next))

/// Something to be said about what a machine would be served.
struct FindingView {
  std::string id;        ///< of docs/reference/boot-rules.md, or of a refusal
  std::string severity;  ///< "error", "warning"
  std::string sentence, remedy;
  std::uint32_t line = 0;  ///< of the text; 0: of the whole
};
BOOST_DESCRIBE_STRUCT(FindingView, (), (id, severity, sentence, remedy, line))

/// What a machine would be served now, secrets left out, and what is wrong with it.
struct PreviewView {
  std::string machine;  ///< MAC address
  std::string loader, arch;
  std::string text;
  std::vector<FindingView> findings;
};
BOOST_DESCRIBE_STRUCT(PreviewView, (), (machine, loader, arch, text, findings))

struct Explanation {
  MachineView machine;
  std::vector<BootView> boots;    ///< newest first
  std::vector<EventView> events;  ///< of those boots, oldest first; only when asked for
};
BOOST_DESCRIBE_STRUCT(Explanation, (), (machine, boots, events))

}  // namespace slipway::api
