// SPDX-License-Identifier: MPL-2.0
#include "config/dhcpd_words.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>

namespace slipway::config {
namespace {

struct Alias {
  std::string_view theirs, ours;
};

constexpr Alias aliases[] = {
    {"domain-name-servers", "dns"},
    {"domain-name-server", "dns"},
    {"dns-server", "dns"},
    {"dns-servers", "dns"},
    {"name-servers", "dns"},
    {"nameserver", "dns"},
    {"nameservers", "dns"},
    {"routers", "router"},
    {"gateway", "router"},
    {"default-gateway", "router"},
    {"domain-name", "domain"},
    {"subnet-mask", "network"},
    {"netmask", "network"},
    {"ranges", "range"},
    {"dhcp-range", "range"},
    {"pools", "pool"},
    {"default-lease-time", "lease-time"},
    {"max-lease-time", "lease-time"},
    {"min-lease-time", "lease-time"},
    {"dhcp-lease-time", "lease-time"},
    {"valid-lifetime", "lease-time"},
    {"filename", "boot-file"},
    {"bootfile-name", "boot-file"},
    {"boot-file-name", "boot-file"},
    {"dhcp-boot", "boot-file"},
    {"tftp-server", "next-server"},
    {"tftp-server-name", "next-server"},
    {"server-name", "next-server"},
    {"siaddr", "next-server"},
    {"hardware", "mac"},
    {"hardware-ethernet", "mac"},
    {"hw-address", "mac"},
    {"fixed-address", "address"},
    {"ip-address", "address"},
    {"host-name", "name"},
    {"hostname", "name"},
    {"dhcp-option", "options"},
    {"option-data", "options"},
    {"vendor-class-identifier", "vendor-class"},
    {"agent-circuit-id", "relay-circuit"},
};

}  // namespace

std::optional<std::string_view> our_word_for(std::string_view dhcpd_word) {
  std::string word(dhcpd_word);
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  auto found = std::find_if(std::begin(aliases), std::end(aliases),
                            [&](const Alias& alias) { return alias.theirs == word; });
  return found == std::end(aliases) ? std::nullopt : std::optional(found->ours);
}

}  // namespace slipway::config
