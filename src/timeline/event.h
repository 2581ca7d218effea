// SPDX-License-Identifier: MPL-2.0
// One thing that happened, as a value: a packet, a transfer, a request, something the server did. Whoever
// handles the packet fills it in; the Timeline adds the machine, the sequence number and the boot.
// An event holds no secrets and no payload, and every text in it may come from a stranger: printers escape.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/time.h"
#include "model/client.h"
#include "model/up_rule.h"

namespace slipway::timeline {

enum class Kind : std::uint8_t {
  // DHCP and BOOTP, in the words of RFC 2131 §3.1; `stage`, `arch` and `detail` say who asked
  dhcp_discover,
  dhcp_offer,
  dhcp_request,
  dhcp_ack,
  dhcp_nak,
  dhcp_decline,
  dhcp_release,
  dhcp_inform,
  dhcp_unknown,   ///< a message type (option 53) that no client sends
  dhcp_dropped,   ///< `name`: what it was, "DHCPREQUEST"; `detail`: the reason's name, as in the metrics
  proxy_offer,    ///< proxyDHCP's answer to a DISCOVER on port 67
  proxy_request,  ///< asked on port 4011
  proxy_ack,
  bootp_request,
  bootp_reply,
  address_in_use,      ///< the address that was to be offered; `detail`: who answered for it
  lease_query,         ///< an access concentrator asks who has an address (RFC 4388): no machine
  lease_query_answer,  ///< `detail`: what it was told
  lease_granted,       ///< durable in the store
  lease_expired,

  router_solicited,  ///< it asked for an IPv6 router; `detail`: what came of it

  // TFTP and HTTP; `name`: what was asked for
  tftp_started,
  tftp_finished,
  tftp_probed,   ///< the client wanted the size alone and said so with ERROR 8: no failure
  tftp_failed,   ///< `detail`: why; `bytes`: how far it came
  tftp_refused,  ///< no such name, not allowed; `detail`: the reason told to the client
  http_started,
  http_finished,  ///< of a HEAD: `bytes` is 0, `detail` "HEAD"
  http_failed,
  http_refused,

  // Scripts, besides the transfer that carries them
  script_served,          ///< `name`: served name; `detail`: the profile or entry
  local_script_served,    ///< the script that hands over to the local disk, or to nothing, as configured
  refusal_script_served,  ///< the script that shows a cause; `detail`: the cause

  machine_up,  ///< it was given something to run, and that is up; `detail`: what shows it

  // The server itself: no machine
  server_started,
  server_stopping,
  foreign_server,  ///< another DHCP server is heard; `detail`: the sentence
  foreign_server_gone,
  plan_published,
  plan_refused,
  import_started,
  import_finished,
  import_failed,
  image_removed,
  note,  ///< anything else worth a line; `detail`: the sentence
};
std::string_view to_string(Kind kind);  ///< "dhcp_discover"
std::string_view line_of(Kind kind);    ///< as `describe` says it: "DHCPDISCOVER"

/// What a served file is to a boot. Whoever resolved the name knows; otherwise it is told from the name.
enum class Role : std::uint8_t {
  unknown,  ///< not said: `role_of(name)`
  loader,   ///< undionly.kpxe, ipxe.efi, pxelinux.0, ...
  script,   ///< what the loader reads: iPXE script, pxelinux.cfg, menu.lst, grub.cfg
  kernel,
  archive,  ///< boot archive, initrd: what the kernel runs from
  module,   ///< hash and other small files beside them
  probe,    ///< names firmware tries and expects to be absent: autoexec.ipxe, pxelinux.cfg/01-...
  other,
};
std::string_view to_string(Role role);
Role role_of(std::string_view served_name);

struct Event {
  Instant at{};
  Kind kind = Kind::note;
  std::optional<MacAddress> machine;  ///< absent: Timeline looks the address up
  /// Of a transfer or a script: whose file it is, asked for from an address that is not that machine's.
  std::optional<MacAddress> meant;
  Ipv4 address;  ///< of the machine, or the one offered; any(): none
  model::Stage stage = model::Stage::unknown;
  std::optional<model::Arch> arch;

  std::string name;    ///< served name, URL path, image
  std::string detail;  ///< reason, drop name, loader named in the offer, user class
  Role role = Role::unknown;
  std::uint64_t offset = 0;         ///< first byte of a range
  std::uint64_t bytes = 0;          ///< sent in this transfer
  std::uint64_t total = 0;          ///< size of the whole file; 0: not known
  Duration took{};                  ///< of a finished or failed transfer
  std::uint64_t once = 0;           ///< of a script: the order for one boot that it carries out; 0: none
  std::optional<model::UpRule> up;  ///< of a script: what shows that what it starts is up

  Ipv4 relay;                ///< of DHCP: the relay it came by; any(): none
  Ipv4 server;               ///< the DHCP server that is meant or heard; any(): none
  std::uint32_t link = 0;    ///< of DHCP: index of our interface on the link where it is; 0: behind a relay
  std::uint16_t waited = 0;  ///< of DHCP: for how many seconds it says it has been asking (secs)
  std::uint16_t block = 0;   ///< of TFTP: bytes of a block
  bool own_disk = false;     ///< of an answer: no boot file, so that it goes on to its own disk
  bool unheard = false;      ///< of TFTP: the client said nothing after its request
  bool at_once = false;      ///< of a transfer: its beginning was told by no event of its own

  // Assigned by Timeline::record.
  std::uint64_t sequence = 0;  ///< from 1, never reused in a process
  std::uint64_t boot = 0;      ///< 0: belongs to no boot
};

/// A reason as it is counted in the metrics, said in words: "client_gone" is "client gone". Anything else is
/// given back as it is.
std::string spoken(std::string_view reason);

/// One line for a person, without the time and the machine:
/// "sent boot_archive over http: 358400000 bytes in 3.10 s (115.6 MB/s)". Strangers' text is escaped.
std::string describe(const Event& event);

}  // namespace slipway::timeline
