// SPDX-License-Identifier: MPL-2.0
// Sub-options by name. Names are those that PXE's and iPXE's own papers give for dhcpd.conf.
#include <algorithm>

#include "wire/dhcp_options.h"

namespace slipway::wire {
namespace {

using enum OptionType;

struct SubOption {
  std::uint8_t outer;
  OptionInfo info;
};

constexpr SubOption table[] = {
    {43, {1, ipv4, "mtftp-ip", "PXE 2.1 §2.3"}},
    {43, {2, u16, "mtftp-cport", "PXE 2.1 §2.3"}},
    {43, {3, u16, "mtftp-sport", "PXE 2.1 §2.3"}},
    {43, {4, u8, "mtftp-tmout", "PXE 2.1 §2.3"}},
    {43, {5, u8, "mtftp-delay", "PXE 2.1 §2.3"}},
    {43, {6, u8, "discovery-control", "PXE 2.1 §2.3"}},
    {43, {7, ipv4, "discovery-mcast-addr", "PXE 2.1 §2.3"}},
    {43, {8, bytes, "boot-servers", "PXE 2.1 §2.3"}},
    {43, {9, bytes, "boot-menu", "PXE 2.1 §2.3"}},
    {43, {10, bytes, "menu-prompt", "PXE 2.1 §2.3"}},
    {43, {71, bytes, "boot-item", "PXE 2.1 §2.3"}},
    {175, {1, u8, "priority", "iPXE, dhcp.h"}},
    {175, {8, u8, "keep-san", "iPXE, dhcp.h"}},
    {175, {9, u8, "skip-san-boot", "iPXE, dhcp.h"}},
    {175, {85, text, "syslogs", "iPXE, dhcp.h"}},
    {175, {91, text, "cert", "iPXE, dhcp.h"}},
    {175, {92, text, "privkey", "iPXE, dhcp.h"}},
    {175, {93, text, "crosscert", "iPXE, dhcp.h"}},
    {175, {176, u8, "no-pxedhcp", "iPXE, dhcp.h"}},
    {175, {177, text, "bus-id", "iPXE, dhcp.h"}},
    {175, {188, text, "san-filename", "iPXE, dhcp.h"}},
    {175, {189, u8, "bios-drive", "iPXE, dhcp.h"}},
    {175, {190, text, "username", "iPXE, dhcp.h"}},
    {175, {191, text, "password", "iPXE, dhcp.h"}},
    {175, {192, text, "reverse-username", "iPXE, dhcp.h"}},
    {175, {193, text, "reverse-password", "iPXE, dhcp.h"}},
    {175, {235, bytes, "version", "iPXE, dhcp.h"}},
};

template <typename Fits>
const OptionInfo* first_that(Fits fits) {
  auto found = std::find_if(std::begin(table), std::end(table), fits);
  return found == std::end(table) ? nullptr : &found->info;
}

}  // namespace

const OptionInfo* find_suboption(std::uint8_t outer, std::uint8_t code) {
  return first_that([&](const SubOption& row) { return row.outer == outer && row.info.code == code; });
}

const OptionInfo* find_suboption(std::uint8_t outer, std::string_view name) {
  return first_that([&](const SubOption& row) { return row.outer == outer && row.info.name == name; });
}

std::vector<std::string_view> suboption_names(std::uint8_t outer) {
  std::vector<std::string_view> names;
  for (const SubOption& row : table) {
    if (row.outer == outer) names.push_back(row.info.name);
  }
  return names;
}

}  // namespace slipway::wire
