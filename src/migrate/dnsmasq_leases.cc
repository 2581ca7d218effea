// SPDX-License-Identifier: MPL-2.0
// dnsmasq.leases (dnsmasq, src/lease.c): one lease a line, "EXPIRES MAC ADDRESS NAME CLIENT-ID", where 0 is
// for ever and * is nothing. After a line "duid ..." come the leases of DHCPv6.
#include <charconv>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/printable.h"
#include "lease/lease.h"
#include "migrate/findings.h"
#include "migrate/foreign_lease.h"

namespace slipway::migrate {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(blanks, at)) != line.npos;) {
    std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::optional<Instant> expiry_of(std::string_view text) {
  constexpr std::int64_t last_second = 253402300799;  // 9999-12-31
  std::int64_t seconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > last_second) {
    return std::nullopt;
  }
  return seconds == 0 ? lease::forever : from_unix_seconds(seconds);
}

std::optional<ForeignLease> lease_of(const std::vector<std::string_view>& words, int line,
                                     Findings& findings) {
  if (words.size() < 5) {
    findings.add_unread(line, fmt::format("a lease has five words, this line has {}", words.size()));
    return std::nullopt;
  }
  ForeignLease lease;
  lease.place = {findings.file(), line, 1};
  auto until = expiry_of(words[0]);
  auto address = Ipv4::parse(words[2]);
  if (!until || !address) {
    std::string_view what = until ? words[2] : words[0];
    findings.add_unread(line, fmt::format("'{}' is no {}", printable(what), until ? "IPv4 address" : "time"));
    return std::nullopt;
  }
  lease.until = *until;
  lease.address = *address;
  // Another kind of hardware has its number in front: "20-00:11:...": no Ethernet address.
  lease.mac = MacAddress::parse(words[1]);
  if (words[3] != "*") lease.hostname = words[3];
  if (words[4] != "*") {
    std::string digits;
    for (char c : words[4]) {
      if (c != ':') digits += c;
    }
    auto id = from_hex(digits);
    if (!id)
      findings.add(line, fmt::format("'{}' is no client id; the lease counts without", printable(words[4])));
    lease.client_id = id.value_or(Bytes{});
  }
  return lease;
}

}  // namespace

LeaseFile read_dnsmasq(std::string_view text, const std::string& file) {
  Findings findings(file);
  LeaseFile read;
  int number = 0;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++number;
    auto words = words_of(line);
    if (words.empty()) continue;
    if (words.front() == "duid") break;
    if (auto lease = lease_of(words, number, findings)) read.leases.push_back(std::move(*lease));
  }
  std::move(findings).put_into(read);
  return read;
}

}  // namespace slipway::migrate
