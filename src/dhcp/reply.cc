// SPDX-License-Identifier: MPL-2.0
#include "dhcp/reply.h"

#include <algorithm>
#include <array>

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

/// The exchange's own: no configuration puts them into a packet.
constexpr std::array<std::uint8_t, 8> protocol_options{
    0, 51, 52, 53, 54, 61, 82, 255,
};

template <typename Codes>
bool holds(const Codes& codes, std::uint8_t code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

const Bytes* find(const std::vector<model::RawOption>& options, std::uint8_t code) {
  auto found =
      std::find_if(options.begin(), options.end(), [&](auto& option) { return option.code == code; });
  return found == options.end() ? nullptr : &found->value;
}

/// UEFI's PXE client takes option 60 without 43 for a BINL server's and asks port 4011 (EDK2,
/// NetworkPkg/UefiPxeBcDxe): a combined answer has neither, unless a class says so.
bool is_poison(std::uint8_t code, const model::Client& client) {
  if (code != opt::VendorClass::code && code != opt::VendorOptions::code) return false;
  return client.stage == Stage::pxe_rom && client.arch != model::Arch::bios;
}

/// What the configuration has for a code: the class before the subnet, its option table before its keys.
class Configured {
 public:
  Configured(const Inquiry& inquiry, const model::Subnet& subnet)
      : inquiry_(inquiry), subnet_(subnet), class_(inquiry.classes.first()) {}

  std::optional<Bytes> value(std::uint8_t code) const {
    if (holds(protocol_options, code)) return std::nullopt;
    if (const Bytes* set = class_ ? find(class_->options, code) : nullptr) return *set;
    if (is_poison(code, inquiry_.client())) return std::nullopt;
    if (const Bytes* set = find(subnet_.options, code)) return *set;
    return of_keys(code);
  }

  /// What goes out whether or not the client asks.
  std::vector<std::uint8_t> always_sent() const {
    std::vector<std::uint8_t> codes(boot_options.begin(), boot_options.end());
    if (class_) {
      for (const model::RawOption& option : class_->options) codes.push_back(option.code);
    }
    return codes;
  }

 private:
  std::optional<Bytes> of_keys(std::uint8_t code) const {
    switch (code) {
      case opt::SubnetMask::code:
        return wire::OptionCodec<Ipv4>::encode(subnet_.network.mask());
      case opt::Routers::code:
        return list(subnet_.routers);
      case opt::DnsServers::code:
        return list(subnet_.dns);
      case opt::DomainName::code:
        return text(subnet_.domain);
      case opt::HostName::code:
        return text(inquiry_.machine ? inquiry_.machine->name : std::string{});
      default:
        return std::nullopt;
    }
  }
  static std::optional<Bytes> list(const std::vector<Ipv4>& addresses) {
    if (addresses.empty()) return std::nullopt;
    return wire::OptionCodec<std::vector<Ipv4>>::encode(addresses);
  }
  static std::optional<Bytes> text(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return wire::OptionCodec<std::string>::encode(text);
  }

  const Inquiry& inquiry_;
  const model::Subnet& subnet_;
  const model::BootClass* class_;
};

void copy_option(const wire::Options& from, wire::Options& to, std::uint8_t code) {
  if (const Bytes* value = from.raw(code)) to.set_raw(code, *value);
}

void put_times(const Configured& configured, std::chrono::seconds lease_time, wire::Options& options) {
  options.set<opt::LeaseTime>(lease_time);
  // RFC 2131 §4.4.5: T1 is half of the lease, T2 seven eighths, unless configured.
  auto put = [&](std::uint8_t code, std::chrono::seconds usual_time) {
    auto set = configured.value(code);
    options.set_raw(code, set ? *set : wire::OptionCodec<std::chrono::seconds>::encode(usual_time));
  };
  put(opt::RenewalTime::code, lease_time / 2);
  put(opt::RebindingTime::code, lease_time * 7 / 8);
}

/// RFC 2131 §4.3.1: "Parameters requested by the client", in the client's order.
void put_configured(const Inquiry& inquiry, const Configured& configured, wire::Options& options) {
  auto put = [&](std::uint8_t code) {
    if (options.has(code)) return;
    if (auto value = configured.value(code)) options.set_raw(code, std::move(*value));
  };
  put(opt::SubnetMask::code);
  for (std::uint8_t code : configured.always_sent()) put(code);
  auto asked = inquiry.message.options.get<opt::ParameterList>();
  if (asked) {
    for (std::uint8_t code : *asked) put(code);
  } else {
    for (std::uint8_t code : usual) put(code);
  }
}

/// What the program that asks wants to see before it goes on.
void put_for_firmware(const model::Client& client, wire::Options& options) {
  // UEFI 2.10 §24.7.3.1: the answer to an HTTP boot client says HTTPClient, or it is passed over.
  if (client.stage == Stage::http_rom) options.set<opt::VendorClass>("HTTPClient");
  // iPXE waits two seconds for a proxy unless it sees option 60 or this (iPXE, dhcp.c: no-pxedhcp).
  if (client.stage == Stage::ipxe) {
    const Bytes* configured = options.raw(opt::IpxeFeatures::code);
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
  // RFC 2132 §9.10: the least legal value is 576. EDK2 says 65280, meaning 1500 the other way round.
  std::size_t told = request.options.get<opt::MaxMessageSize>().value_or(wire::default_max_size);
  return std::clamp(told, wire::default_max_size, largest_datagram) - wire::ip_udp_overhead;
}

void put_boot(wire::DhcpMessage& reply, const BootChoice& boot) {
  reply.siaddr = boot.next_server;
  if (boot.file.empty()) return;
  // Both field and options: ROMs read the one or the other, and not always what they asked for.
  if (boot.file.size() <= longest_file) reply.file = boot.file;
  reply.options.set<opt::BootFileName>(boot.file);
  if (!boot.next_server.is_any()) reply.options.set<opt::TftpServerName>(boot.next_server.to_string());
}

Answer make_reply(const Inquiry& inquiry, const Terms& terms, const BootChoice& boot) {
  const wire::DhcpMessage& request = inquiry.message;
  Configured configured(inquiry, terms.subnet);
  wire::DhcpMessage reply = answer_to(request);
  reply.yiaddr = terms.address;
  if (terms.type == wire::MessageType::ack) reply.ciaddr = request.ciaddr;

  wire::Options& options = reply.options;
  options.set<opt::MessageType>(terms.type);
  options.set<opt::ServerId>(inquiry.server_id());
  copy_option(request.options, options, opt::ClientId::code);  // RFC 6842 §3
  if (terms.lease_time) put_times(configured, *terms.lease_time, options);
  put_boot(reply, boot);
  copy_option(request.options, options, opt::ClientUuid::code);  // RFC 4578 §2.3
  put_configured(inquiry, configured, options);
  put_for_firmware(inquiry.client(), options);
  copy_option(request.options, options, opt::SubnetSelection::code);  // RFC 3011 §2
  copy_option(request.options, options, opt::RelayAgent::code);       // RFC 3046 §2.2
  return {std::move(reply), destination_of(request, inquiry.arrival, terms.address), inquiry.arrival.local,
          inquiry.arrival.port, max_size_of(request)};
}

Answer make_nak(const Inquiry& inquiry, std::string_view why) {
  const wire::DhcpMessage& request = inquiry.message;
  wire::DhcpMessage reply = answer_to(request);
  // RFC 2131 §4.3.2: "If 'giaddr' is set in the DHCPREQUEST message, the client is on a different subnet.
  // The server MUST set the broadcast bit in the DHCPNAK, so that the relay agent will broadcast".
  if (!request.giaddr.is_any()) reply.flags |= wire::broadcast_flag;
  reply.options.set<opt::MessageType>(wire::MessageType::nak);
  reply.options.set<opt::ServerId>(inquiry.server_id());
  copy_option(request.options, reply.options, opt::ClientId::code);
  reply.options.set<opt::Message>(std::string(why));
  copy_option(request.options, reply.options, opt::RelayAgent::code);
  return {std::move(reply), destination_of_nak(request, inquiry.arrival), inquiry.arrival.local,
          inquiry.arrival.port, max_size_of(request)};
}

}  // namespace slipway::dhcp
