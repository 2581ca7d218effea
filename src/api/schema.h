// SPDX-License-Identifier: MPL-2.0
// What the management API says, as plain structs: the daemon fills them, json.cc writes and reads them,
// the command line prints them. A member's name is its JSON name; an absent optional is left out.
// Addresses and enumerations are text in their canonical form; times are RFC 3339 in UTC.
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
  std::optional<std::string> address;
  std::string stage;  ///< what sent it: "pxe_rom"
  std::optional<std::string> arch;
  std::string name;  ///< served name, image
  std::string detail;
  std::string role;
  std::uint64_t offset = 0, bytes = 0, total = 0;
  double took_seconds = 0;
  std::string text;  ///< the whole of it in one line for a person
};
BOOST_DESCRIBE_STRUCT(EventView, (),
                      (sequence, boot, at, kind, machine, machine_name, address, stage, arch, name, detail,
                       role, offset, bytes, total, took_seconds, text))

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
                      (id, machine, started, last, address, arch, stages, verdict, failed, sentence,
                       diagnoses))

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
  std::optional<std::string> verdict;  ///< of its newest boot; absent: never seen booting
  bool failed = false;
  std::optional<std::string> diagnosis;  ///< id of its likeliest cause; absent: none
  std::string stands;                    ///< in a few words, for a table: "archive cut", "holds an address"
  std::string sentence;
};
BOOST_DESCRIBE_STRUCT(MachineView, (),
                      (machine, name, macs, uuid, address, reserved_address, profile, desired, desired_by,
                       running, running_since, last_good, last_good_since, once, last_seen, verdict, failed,
                       diagnosis, stands, sentence))

struct MachineList {
  std::vector<MachineView> machines;
};
BOOST_DESCRIBE_STRUCT(MachineList, (), (machines))

struct Explanation {
  MachineView machine;
  std::vector<BootView> boots;    ///< newest first
  std::vector<EventView> events;  ///< of those boots, oldest first; only when asked for
};
BOOST_DESCRIBE_STRUCT(Explanation, (), (machine, boots, events))

struct ImageFileView {
  std::string path;
  std::uint64_t size = 0;
  std::string sha256, sha1;
};
BOOST_DESCRIBE_STRUCT(ImageFileView, (), (path, size, sha256, sha1))

/// Somebody needs an image: it is not taken away.
struct ImageUseView {
  std::string why;  ///< "profile", "assigned", "fallback", "once", "running", "last_good", "pinned"
  std::string who;  ///< "smartos", "machine node1", "everyone"; empty: pinned
};
BOOST_DESCRIBE_STRUCT(ImageUseView, (), (why, who))

struct ImageView {
  std::string id, short_id, kind, version;
  std::uint64_t size = 0;
  Instant imported{};
  std::vector<std::string> used_by;  ///< profiles that would boot it now
  std::vector<ImageUseView> uses;    ///< everyone who needs it; none: it may be removed
  std::vector<ImageFileView> files;  ///< of one image asked for by name; empty in lists
};
BOOST_DESCRIBE_STRUCT(ImageView, (), (id, short_id, kind, version, size, imported, used_by, uses, files))

struct ImageList {
  std::vector<ImageView> images;
};
BOOST_DESCRIBE_STRUCT(ImageList, (), (images))

/// An image that was assigned while the server runs.
struct AssignmentView {
  std::string to;                    ///< "machine", "group", "everyone"
  std::string name;                  ///< of the machine or group; of everyone empty
  std::string kind, version, image;  ///< of the image; `image`: its whole id
  Instant since{};
  bool in_store = false;
  std::optional<std::string> before;  ///< version a rollback brings back; absent: what the file says
};
BOOST_DESCRIBE_STRUCT(AssignmentView, (), (to, name, kind, version, image, since, in_store, before))

struct AssignmentList {
  std::vector<AssignmentView> assignments;
  std::vector<BootOnceView> once;
  std::vector<std::string> pinned;  ///< ids of images
};
BOOST_DESCRIBE_STRUCT(AssignmentList, (), (assignments, once, pinned))

/// To assign, roll back or take back.
struct AssignmentOrder {
  std::string to;                    ///< "machine", "group", "everyone"
  std::optional<std::string> name;   ///< of the machine or group
  std::optional<std::string> image;  ///< to assign: as "smartos@20240102T030405Z", a version, or an id
  std::optional<std::string> kind;  ///< to roll or take back: of which kind of image, where there are several
};
BOOST_DESCRIBE_STRUCT(AssignmentOrder, (), (to, name, image, kind))

struct BootOnceOrder {
  std::optional<std::string> what;     ///< a profile's name, or an image as in AssignmentOrder
  std::optional<std::string> variant;  ///< "normal" when absent
};
BOOST_DESCRIBE_STRUCT(BootOnceOrder, (), (what, variant))

/// What was decided, and what is to be said about it.
struct Assigned {
  std::string sentence;
  std::vector<std::string> warnings;
};
BOOST_DESCRIBE_STRUCT(Assigned, (), (sentence, warnings))

struct AssignmentEvent {
  std::uint64_t number = 0;
  Instant at{};
  std::string action;  ///< "assigned", "rolled_back", "taken_back"
  std::string to, name, kind;
  std::optional<std::string> version, image;  ///< absent: from then on what the file says
};
BOOST_DESCRIBE_STRUCT(AssignmentEvent, (), (number, at, action, to, name, kind, version, image))

struct AssignmentHistory {
  std::vector<AssignmentEvent> history;  ///< newest first
};
BOOST_DESCRIBE_STRUCT(AssignmentHistory, (), (history))

struct LeaseView {
  std::string address;
  std::string mac;
  std::string client;     ///< what the lease is keyed on
  std::string client_id;  ///< option 61 as sent, in hexadecimal; empty: none
  std::string hostname;
  std::string subnet;
  std::string state;  ///< "active", "expired", "released", "declined"
  Instant granted{}, expires{};
  std::optional<std::string> machine_name;
};
BOOST_DESCRIBE_STRUCT(LeaseView, (),
                      (address, mac, client, client_id, hostname, subnet, state, granted, expires,
                       machine_name))

struct LeaseList {
  std::vector<LeaseView> leases;
};
BOOST_DESCRIBE_STRUCT(LeaseList, (), (leases))

/// One lease of another server, to be taken over as it stands.
struct ForeignLeaseView {
  std::string address;
  std::optional<std::string> mac;
  std::string client_id;  ///< in hexadecimal; empty: none
  std::string hostname;
  std::string standing;  ///< "held", "free", "quarantined"
  Instant since{}, until{};
};
BOOST_DESCRIBE_STRUCT(ForeignLeaseView, (), (address, mac, client_id, hostname, standing, since, until))

struct LeaseImport {
  std::vector<ForeignLeaseView> leases;
};
BOOST_DESCRIBE_STRUCT(LeaseImport, (), (leases))

/// What became of one: "imported", or why not ("held_by_another") and who has what here.
struct LeaseImported {
  std::string address;
  std::string outcome;
  std::string here;
};
BOOST_DESCRIBE_STRUCT(LeaseImported, (), (address, outcome, here))

struct LeaseImportResult {
  std::vector<LeaseImported> leases;  ///< in the order asked
};
BOOST_DESCRIBE_STRUCT(LeaseImportResult, (), (leases))

struct PoolView {
  std::string first, last;
  std::uint64_t size = 0;
  std::uint64_t leased = 0;  ///< held now
  std::string only_class;
};
BOOST_DESCRIBE_STRUCT(PoolView, (), (first, last, size, leased, only_class))

struct SubnetView {
  std::string network;
  std::string mode;  ///< "dhcp", "proxy", "off"
  std::string interface;
  std::vector<PoolView> pools;
  std::vector<std::string> routers, dns;
  std::string domain;
  std::int64_t lease_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(SubnetView, (), (network, mode, interface, pools, routers, dns, domain, lease_seconds))

struct SubnetList {
  std::vector<SubnetView> subnets;
};
BOOST_DESCRIBE_STRUCT(SubnetList, (), (subnets))

struct ForeignServerView {
  std::string interface;
  std::string address;  ///< its server id
  std::string mac;      ///< of the server, or of the relay it answers by
  bool gives_addresses = false;
  bool yielded_to = false;  ///< our addresses stay here because of it
  std::optional<std::string> offered;
  Instant first_seen{}, last_seen{};
  std::string sentence;
};
BOOST_DESCRIBE_STRUCT(ForeignServerView, (),
                      (interface, address, mac, gives_addresses, yielded_to, offered, first_seen, last_seen,
                       sentence))

struct StatusView {
  std::string version;
  Instant started{}, now{};
  bool ready = false;
  std::string reason;  ///< why it is not ready
  std::uint64_t subnets = 0, machines = 0, images = 0, leases = 0, offers = 0, events = 0, followers = 0;
  std::vector<ForeignServerView> foreign_servers;  ///< other DHCP servers on the links served
};
BOOST_DESCRIBE_STRUCT(StatusView, (),
                      (version, started, now, ready, reason, subnets, machines, images, leases, offers,
                       events, followers, foreign_servers))

/// The answer to an action: what was done, in one sentence.
struct Done {
  std::string sentence;
};
BOOST_DESCRIBE_STRUCT(Done, (), (sentence))

/// RFC 9457, with two members of our own.
struct ProblemDetails {
  std::string type = "about:blank";
  std::string title;  ///< of the status: "Not Found"
  int status = 0;
  std::string detail;  ///< what is wrong
  std::optional<std::string> remedy;
  std::vector<std::string> problems;  ///< of a configuration: every error, "file:line:col: error: ..."
};
BOOST_DESCRIBE_STRUCT(ProblemDetails, (), (type, title, status, detail, remedy, problems))

}  // namespace slipway::api
