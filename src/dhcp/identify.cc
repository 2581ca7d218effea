// SPDX-License-Identifier: MPL-2.0
#include "dhcp/identify.h"

#include <algorithm>
#include <array>

#include "wire/pxe_options.h"

namespace slipway::dhcp {
namespace {

using model::Arch;
using model::Stage;

/// What the rules look at.
struct Evidence {
  const wire::Options& options;
  const std::vector<std::string>& user_classes;
  std::string_view vendor_class;
  std::optional<Arch> arch;

  bool has_user_class(std::string_view name) const {
    return std::find(user_classes.begin(), user_classes.end(), name) != user_classes.end();
  }
  bool has_only(std::initializer_list<std::uint8_t> codes) const {
    auto entries = options.entries();
    return entries.size() == codes.size() &&
           std::all_of(codes.begin(), codes.end(), [&](std::uint8_t code) { return options.has(code); });
  }
};

/// GRUB says nothing about itself. Its REQUEST has options 53, 54, 50 and a list of parameters that begins
/// like no other client's.
bool looks_like_grub(const Evidence& seen) {
  if (!seen.has_only({53, 54, 50, 55})) return false;
  constexpr std::array<std::uint8_t, 7> grubs{1, 3, 6, 15, 12, 17, 18};
  auto list = seen.options.get<wire::opt::ParameterList>().value_or(std::vector<std::uint8_t>{});
  return list.size() >= grubs.size() && std::equal(grubs.begin(), grubs.end(), list.begin());
}

/// GRUB's DISCOVER has option 53 alone. So may anybody's.
bool says_nothing(const Evidence& seen) {
  return seen.has_only({53}) && seen.options.get<wire::opt::MessageType>() == wire::MessageType::discover;
}

struct Rule {
  Stage stage;
  std::string_view known_by;
  bool (*fits)(const Evidence&);
};

// First match wins: iPXE and the illumos loader call themselves PXEClient, too.
constexpr Rule rules[] = {
    // iPXE, src/net/udp/dhcp.c (dhcp_request_options_data): bare text; RFC 3004 form in newer builds.
    {Stage::ipxe, "user class iPXE", [](const Evidence& seen) { return seen.has_user_class("iPXE"); }},
    // iPXE, src/core/dhcppkt.c and features.h: a site that sets its own user class cannot take this away.
    {Stage::ipxe, "iPXE's feature list (option 175)",
     [](const Evidence& seen) { return seen.options.has(wire::opt::IpxeFeatures::code); }},
    // illumos, usr/src/boot/libsa/bootp.c: user class with a length byte, option 60 "PXEClient", no 93.
    {Stage::illumos_loader, "user class illumos",
     [](const Evidence& seen) { return seen.has_user_class("illumos"); }},
    // UEFI 2.10 §24.7.3.1; EDK2, NetworkPkg/HttpBootDxe.
    {Stage::http_rom, "vendor class HTTPClient",
     [](const Evidence& seen) { return seen.vendor_class.starts_with("HTTPClient"); }},
    // illumos, cmd-inet dhcpagent: "SUNW." and the platform, or what an administrator made of it.
    {Stage::operating_system, "vendor class SUNW",
     [](const Evidence& seen) { return seen.vendor_class.starts_with("SUNW"); }},
    // U-Boot, net/bootp.c: "U-Boot" and its board; fetches the file the answer names.
    {Stage::pxe_rom, "vendor class U-Boot",
     [](const Evidence& seen) { return seen.vendor_class.starts_with("U-Boot"); }},
    // PXE 2.1 §2.2.1, RFC 4578 §2.
    {Stage::pxe_rom, "vendor class PXEClient",
     [](const Evidence& seen) { return seen.vendor_class.starts_with("PXEClient"); }},
    // RFC 5970 §3.3 codes in option 93 of firmware that leaves option 60 out.
    {Stage::http_rom, "an HTTP architecture (option 93)",
     [](const Evidence& seen) { return seen.arch && model::is_http_boot(*seen.arch); }},
    // RFC 4578 §2.1: only boot firmware sends option 93.
    {Stage::pxe_rom, "an architecture (option 93)",
     [](const Evidence& seen) { return seen.arch.has_value(); }},
    // GRUB 2.06, grub-core/net/bootp.c: `secs` is the wall clock's and means nothing.
    {Stage::grub, "options as only GRUB sends them", looks_like_grub},
    {Stage::unknown, "option 53 alone; it may be GRUB", says_nothing},
};

/// The boot ROM of a Raspberry Pi says it is an x86 BIOS; the maker's addresses tell (IEEE registry).
constexpr std::array<std::uint32_t, 6> raspberry_pi_ouis{0xb827eb, 0xdca632, 0xe45f01,
                                                         0x28cdc1, 0xd83add, 0x2ccf67};

bool is_raspberry_pi(const MacAddress& mac) {
  std::uint32_t oui = std::uint32_t{mac.bytes[0]} << 16 | std::uint32_t{mac.bytes[1]} << 8 | mac.bytes[2];
  return std::find(raspberry_pi_ouis.begin(), raspberry_pi_ouis.end(), oui) != raspberry_pi_ouis.end();
}

/// RFC 4578 §2.1: the first of the list is the one to boot. Old ROMs say it in option 60 alone.
std::optional<Arch> arch_of(const wire::Options& options, std::string_view vendor_class) {
  auto list = options.get<wire::opt::ClientArch>();
  if (list && !list->empty()) return static_cast<Arch>(list->front());
  auto parts = wire::parse_vendor_class(vendor_class);
  if (parts && parts->arch) return static_cast<Arch>(*parts->arch);
  return std::nullopt;
}

model::IpxeFeatures features_of(const wire::Options& options) {
  model::IpxeFeatures features;
  auto raw = options.raw(wire::opt::IpxeFeatures::code);
  auto reported = raw ? wire::parse_ipxe_options(*raw) : std::nullopt;
  if (!reported || reported->features.empty()) return features;
  using Feature = wire::IpxeOptions;
  features.http = reported->has(Feature::http);
  features.https = reported->has(Feature::https);
  features.iscsi = reported->has(Feature::iscsi);
  features.bzimage = reported->has(Feature::bzimage);
  features.multiboot = reported->has(Feature::multiboot);
  features.multiboot2 = reported->has(Feature::multiboot2);
  features.efi = reported->has(Feature::efi);
  features.menu = reported->has(Feature::menu);
  features.reported = true;
  return features;
}

std::optional<Uuid> uuid_of(const wire::Options& options) {
  auto raw = options.raw(wire::opt::ClientUuid::code);
  auto uuid = raw ? wire::parse_client_uuid(*raw) : std::nullopt;
  if (uuid && uuid->is_placeholder()) return std::nullopt;
  return uuid;
}

/// An address that can be a machine's own.
std::optional<MacAddress> usable_mac(const wire::DhcpMessage& message) {
  auto mac = message.mac();
  if (!mac || mac->is_zero() || mac->is_multicast()) return std::nullopt;
  return mac;
}

}  // namespace

Identity identify(const wire::DhcpMessage& message) {
  Identity identity;
  model::Client& client = identity.client;
  auto user_class = message.options.raw(wire::opt::UserClass::code);
  auto user_classes = user_class ? wire::parse_user_class(*user_class) : std::vector<std::string>{};
  client.mac = message.mac().value_or(MacAddress{});
  client.uuid = uuid_of(message.options);
  client.address = message.ciaddr;
  client.vendor_class = message.options.get<wire::opt::VendorClass>().value_or(std::string{});
  if (!user_classes.empty()) client.user_class = user_classes.front();
  client.arch = arch_of(message.options, client.vendor_class);
  client.features = features_of(message.options);

  Evidence seen{message.options, user_classes, client.vendor_class, client.arch};
  for (const Rule& rule : rules) {
    if (!rule.fits(seen)) continue;
    client.stage = rule.stage;
    identity.known_by = rule.known_by;
    break;
  }
  if (client.arch == Arch::bios && client.stage == Stage::pxe_rom && is_raspberry_pi(client.mac)) {
    client.arch = Arch::raspberry_pi;
  }
  return identity;
}

// RFC 2131 §2, figure 1: op, htype, hlen at 0 to 2, chaddr at 28.
std::optional<MacAddress> sender_of(ByteView broken) {
  constexpr std::size_t chaddr = 28, end_of_chaddr = 44;
  constexpr std::uint8_t request = 1, ethernet = 1, mac_size = 6;
  if (broken.size() < end_of_chaddr) return std::nullopt;
  if (broken[0] != request || broken[1] != ethernet || broken[2] != mac_size) return std::nullopt;
  MacAddress mac;
  std::copy_n(broken.begin() + chaddr, mac.bytes.size(), mac.bytes.begin());
  if (mac.is_zero() || mac.is_multicast()) return std::nullopt;
  return mac;
}

std::optional<lease::ClientKey> client_key(const wire::DhcpMessage& message, model::Identify identify) {
  auto mac = usable_mac(message);
  auto id = message.options.raw(wire::opt::ClientId::code);
  bool has_id = id && !id->empty();
  if (has_id && (identify == model::Identify::client_id || !mac)) return lease::ClientKey::of_client_id(*id);
  if (mac) return lease::ClientKey::of_mac(*mac);
  return std::nullopt;
}

}  // namespace slipway::dhcp
