// SPDX-License-Identifier: MPL-2.0
#include "dhcp/reply.h"

#include <algorithm>
#include <array>

#include "boot/illumos_loader.h"
#include "boot/san.h"
#include "dhcp/client_name.h"
#include "dhcp/configured.h"
#include "wire/pxe_options.h"

namespace slipway::dhcp {
namespace {

using model::Stage;
namespace opt = wire::opt;

constexpr std::size_t longest_file = 127;  ///< RFC 2131 §2: 128 bytes with the NUL
constexpr std::size_t largest_datagram = 1500;

/// Without option 55 only these are sent, of all that is configured.
constexpr std::array<std::uint8_t, 3> usual{opt::SubnetMask::code, opt::Routers::code, opt::DnsServers::code};

/// Loaders read these from the ROM's packet, whose list does not name them: they go out unasked.
constexpr std::array<std::uint8_t, 7> boot_options{
    opt::RootPath::code,  // iPXE (iSCSI), illumos loader
    150,                  // RFC 5859: TFTP server, GRUB legacy and phones
    opt::IpxeFeatures::code,
    208,
    209,
    210,
    211,  // RFC 5071: PXELINUX
};

/// GRUB has its own list, and what looks like it (option 53 alone) may be anybody.
bool boots(Stage stage) {
  return stage != Stage::unknown && stage != Stage::grub && stage != Stage::operating_system;
}

/// RFC 1534 §2: a BOOTP client is sent no options that only DHCP has; RFC 2132 §9 lists them.
bool is_for_dhcp_alone(std::uint8_t code) {
  return code >= opt::RequestedAddress::code && code <= opt::ClientId::code && code != opt::VendorClass::code;
}

void copy_option(const wire::Options& from, wire::Options& to, std::uint8_t code) {
  if (auto value = from.raw(code)) to.set_raw(code, *value);
}

void put_times(const Configured& configured, std::chrono::seconds lease_time, wire::Options& options) {
  options.set<opt::LeaseTime>(lease_time);
  // RFC 2131 §4.4.5: T1 is half of the lease, T2 seven eighths, unless configured.
  auto put = [&](std::uint8_t code, std::chrono::seconds usual_time) {
    const Bytes* set = configured.value(code);
    auto by_rule = wire::OptionCodec<std::chrono::seconds>::encode(usual_time);
    options.set_raw(code, set ? ByteView(*set) : ByteView(by_rule));
  };
  auto t2 = lease_time * 7 / 8;
  const Bytes* set_t2 = configured.value(opt::RebindingTime::code);
  if (auto time = set_t2 ? wire::OptionCodec<std::chrono::seconds>::decode(*set_t2) : std::nullopt)
    t2 = *time;
  put(opt::RenewalTime::code, std::min(lease_time / 2, t2 * 4 / 7));  // "T1 MUST be earlier than T2"
  put(opt::RebindingTime::code, t2);
}

/// Writes the options of one answer, each from where it comes.
class Filling {
 public:
  Filling(const Inquiry& inquiry, const Configured& configured, wire::Options& options)
      : inquiry_(inquiry), configured_(configured), options_(options) {}

  /// RFC 2131 §4.3.1: "Parameters requested by the client", in the client's order.
  void put_all() {
    auto asked = inquiry_.message.options.raw(opt::ParameterList::code);
    ByteView list = asked ? ByteView(*asked) : ByteView(usual);
    // RFC 3442: to a client that asks for the classless routes and gets them, "the server SHOULD NOT
    // include the Router or Static Routes options".
    bool asks_classless = std::find(list.begin(), list.end(), opt::ClasslessRoutes::code) != list.end();
    classless_ = asks_classless && configured_.value(opt::ClasslessRoutes::code);
    put(opt::SubnetMask::code);
    if (boots(inquiry_.client().stage)) put_each(boot_options);
    put_always_sent();
    put_each(list);
  }

 private:
  template <typename Codes>
  void put_each(const Codes& codes) {
    for (std::uint8_t code : codes) put(code);
  }

  void put_always_sent() {
    const auto& always = configured_.always_sent();
    if (always.none()) return;
    for (std::size_t code = 1; code < always.size(); ++code) {
      if (code == opt::Ipv6Only::code) continue;  // RFC 8925 §3.3: only to a client that asks
      if (always.test(code)) put(static_cast<std::uint8_t>(code));
    }
  }

  void put(std::uint8_t code) {
    if (options_.has(code) || (inquiry_.message.is_bootp() && is_for_dhcp_alone(code))) return;
    if (classless_ && (code == opt::Routers::code || code == opt::StaticRoutes::code)) return;
    if (code == opt::HostName::code && put_name()) return;
    const Bytes* value = configured_.value(code);
    // Windows before RFC 3442 asks for the same thing under another number.
    if (!value && code == opt::MicrosoftRoutes::code) value = configured_.value(opt::ClasslessRoutes::code);
    if (value) return options_.set_raw(code, *value);
    if (code == opt::RootPath::code) put_root_path();
  }

  /// illumos' loader reads everything below it; systems find their disk by it. iPXE gets a script, and would
  /// open the disk before it, without the credentials.
  void put_root_path() {
    Stage stage = inquiry_.client().stage;
    if (stage == Stage::illumos_loader) {
      Ipv4 server = inquiry_.subnet().next_server.value_or(inquiry_.arrival.local);
      options_.set<opt::RootPath>(boot::illumos_root_path(server, inquiry_.client().mac));
      return;
    }
    if (stage != Stage::operating_system && stage != Stage::unknown) return;
    std::string path = boot::san_root_path(inquiry_.plan, inquiry_.client());
    if (!path.empty()) options_.set<opt::RootPath>(path);
  }

  /// The machine's name, unless its own options say another.
  bool put_name() {
    const model::Machine* machine = inquiry_.machine;
    if (!machine || machine->options.find(opt::HostName::code)) return false;
    std::string name = full_name(*machine, configured_.value(opt::DomainName::code));
    if (name.empty()) return false;
    options_.set<opt::HostName>(name);
    return true;
  }

  const Inquiry& inquiry_;
  const Configured& configured_;
  wire::Options& options_;
  bool classless_ = false;
};

/// RFC 4702 §3: only to clients that sent it.
void put_fqdn(const Inquiry& inquiry, const Configured& configured, wire::Options& options) {
  auto asked = inquiry.message.options.raw(opt::Fqdn::code);
  if (!asked) return;
  const Bytes* domain = configured.value(opt::DomainName::code);
  std::string name = inquiry.machine ? full_name(*inquiry.machine, domain) : std::string{};
  if (auto answer = answer_to_fqdn(*asked, name, domain))
    options.set_raw(opt::Fqdn::code, *std::move(answer));
}

/// What the program that asks wants to see before it goes on.
void put_for_firmware(const model::Client& client, wire::Options& options) {
  // UEFI 2.10 §24.7.3.1: the answer to an HTTP boot client says HTTPClient, or it is passed over.
  if (client.stage == Stage::http_rom) options.set<opt::VendorClass>("HTTPClient");
  // iPXE waits two seconds for a proxy unless it sees option 60 or this (iPXE, dhcp.c: no-pxedhcp).
  if (client.stage == Stage::ipxe) {
    auto configured = options.raw(opt::IpxeFeatures::code);
    auto ipxe = configured ? wire::parse_suboptions(*configured) : std::nullopt;
    if (!ipxe) ipxe.emplace();
    if (!ipxe->has(wire::IpxeOptions::no_proxy_dhcp_code)) {
      ipxe->set_raw(wire::IpxeOptions::no_proxy_dhcp_code, {1});
    }
    options.set_raw(opt::IpxeFeatures::code, wire::encode_suboptions(*ipxe));
  }
}

}  // namespace

wire::DhcpMessage answer_to(const wire::DhcpMessage& request) {
  // RFC 2131 §4.3.1, table 3. `ciaddr` is not copied here: only an ACK has it.
  wire::DhcpMessage reply;
  reply.op = wire::Op::boot_reply;
  reply.htype = request.htype;
  reply.hlen = request.hlen;
  reply.xid = request.xid;
  reply.flags = request.flags;
  reply.giaddr = request.giaddr;
  reply.chaddr = request.chaddr;
  return reply;
}

std::size_t max_size_of(const wire::DhcpMessage& request) {
  // RFC 951 §3, RFC 1542 §2.1: a BOOTP message has 300 bytes, 64 of them for options.
  bool told_nothing = !request.options.has(opt::MaxMessageSize::code);
  if (request.is_bootp() && told_nothing) return wire::min_dhcp_size;
  // RFC 2132 §9.10: the least legal value is 576. EDK2 says 65280, meaning 1500 the other way round.
  std::size_t told = request.options.get<opt::MaxMessageSize>().value_or(wire::default_max_size);
  return std::clamp(told, wire::default_max_size, largest_datagram) - wire::ip_udp_overhead;
}

void put_boot(wire::DhcpMessage& reply, const BootChoice& boot) {
  reply.siaddr = boot.next_server;
  if (boot.by_pi_menu) {
    reply.options.set<opt::VendorClass>("PXEClient");
    reply.options.set<opt::VendorOptions>(raspberry_pi_menu());
    reply.options.set<opt::TftpServerName>(boot.next_server.to_string());
  }
  if (boot.file.empty()) return;
  // Both field and options: ROMs read the one or the other, and not always what they asked for.
  if (boot.file.size() <= longest_file) reply.file = boot.file;
  if (reply.is_bootp()) return;
  reply.options.set<opt::BootFileName>(boot.file);
  if (!boot.next_server.is_any()) reply.options.set<opt::TftpServerName>(boot.next_server.to_string());
}

Answer make_reply(const Inquiry& inquiry, const Terms& terms, const BootChoice& boot) {
  const wire::DhcpMessage& request = inquiry.message;
  Configured configured(inquiry, terms.subnet, terms.address);
  wire::DhcpMessage reply = answer_to(request);
  reply.yiaddr = terms.address;
  if (terms.type != wire::MessageType::offer) reply.ciaddr = request.ciaddr;

  wire::Options& options = reply.options;
  if (terms.type) {
    options.set<opt::MessageType>(*terms.type);
    options.set<opt::ServerId>(inquiry.server_id());
    copy_option(request.options, options, opt::ClientId::code);  // RFC 6842 §3
  }
  if (terms.at_once) options.set<opt::RapidCommit>({});  // RFC 4039 §3.1
  if (terms.lease_time) put_times(configured, *terms.lease_time, options);
  put_boot(reply, boot);
  copy_option(request.options, options, opt::ClientUuid::code);  // RFC 4578 §2.3
  put_fqdn(inquiry, configured, options);
  Filling(inquiry, configured, options).put_all();
  put_for_firmware(inquiry.client(), options);
  copy_option(request.options, options, opt::SubnetSelection::code);  // RFC 3011 §2
  options.remove_if([&](std::uint8_t code) { return configured.is_banned(code); });
  copy_option(request.options, options, opt::RelayAgent::code);  // RFC 3046 §2.2
  return {std::move(reply), destination_of(request, inquiry.arrival, terms.address, terms.subnet.reply_to),
          inquiry.arrival.local, inquiry.arrival.port, max_size_of(request)};
}

namespace {

/// `like`: the request, or an answer to it, which has the same fields and options that a NAK repeats.
wire::DhcpMessage nak_to(const wire::DhcpMessage& like, Ipv4 server_id, std::string_view why) {
  wire::DhcpMessage reply = answer_to(like);
  // RFC 2131 §4.3.2: "If 'giaddr' is set in the DHCPREQUEST message, the client is on a different subnet.
  // The server MUST set the broadcast bit in the DHCPNAK, so that the relay agent will broadcast".
  if (!like.giaddr.is_any()) reply.flags |= wire::broadcast_flag;
  reply.options.set<opt::MessageType>(wire::MessageType::nak);
  reply.options.set<opt::ServerId>(server_id);
  copy_option(like.options, reply.options, opt::ClientId::code);
  reply.options.set_raw(opt::Message::code, as_bytes(why));
  copy_option(like.options, reply.options, opt::RelayAgent::code);
  return reply;
}

}  // namespace

Destination destination_of_nak(const Inquiry& inquiry) {
  auto reply_to = inquiry.segment.empty() ? model::ReplyTo::relay : inquiry.subnet().reply_to;
  return destination_of_nak(inquiry.message, inquiry.arrival, reply_to);
}

Answer make_nak(const Inquiry& inquiry, std::string_view why) {
  const Arrival& arrival = inquiry.arrival;
  return {nak_to(inquiry.message, inquiry.server_id(), why), destination_of_nak(inquiry), arrival.local,
          arrival.port, max_size_of(inquiry.message)};
}

Answer make_nak(Answer promised, const Nak& nak) {
  Ipv4 server_id = promised.message.options.get<opt::ServerId>().value_or(promised.from);
  promised.message = nak_to(promised.message, server_id, nak.why);
  promised.to = nak.to;
  return promised;
}

}  // namespace slipway::dhcp
