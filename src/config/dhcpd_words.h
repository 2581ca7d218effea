// SPDX-License-Identifier: MPL-2.0
// What other DHCP servers (ISC dhcpd, dnsmasq, Kea) call the things this file has another word for, so that
// whoever moves house is told the word. Knows nothing of sections: whether the word fits is the caller's
// question. Pure, any thread.
#pragma once

#include <optional>
#include <string_view>

namespace slipway::config {

/// "domain-name-servers" -> "dns". Case and '_' for '-' do not matter; nothing for words it does not know.
std::optional<std::string_view> our_word_for(std::string_view dhcpd_word);

}  // namespace slipway::config
