// SPDX-License-Identifier: MPL-2.0
// dhcpd.leases of ISC dhcpd, as dhcpd.leases(5) describes it and common/parse.c reads it: declarations with
// statements in braces, appended for ever; the last declaration of an address counts. Whatever is not a
// lease of an IPv4 address is passed over whole.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/printable.h"
#include "lease/lease.h"
#include "migrate/findings.h"
#include "migrate/foreign_lease.h"
#include "migrate/isc_tokens.h"

namespace slipway::migrate {
namespace {

/// The words of one statement, up to its `;`.
using Statement = std::vector<IscToken>;

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "2026/11/26" and "10:12:18", in UTC.
std::optional<Instant> moment_of(std::string_view date, std::string_view time) {
  std::int64_t parts[6];
  std::size_t count = 0;
  for (std::string_view text : {date, time}) {
    char separator = text == date ? '/' : ':';
    for (std::size_t i = 0; i < 3; ++i) {
      std::size_t end = i < 2 ? text.find(separator) : text.size();
      auto value = end == text.npos ? std::nullopt : number_of(text.substr(0, end));
      if (!value) return std::nullopt;
      parts[count++] = *value;
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  using namespace std::chrono;
  if (parts[0] < 1970 || parts[0] > 9999 || parts[1] > 12 || parts[2] > 31) return std::nullopt;
  year_month_day day{year(static_cast<int>(parts[0])), month(static_cast<unsigned>(parts[1])),
                     std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (!day.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 60) return std::nullopt;
  return Instant{sys_days(day).time_since_epoch() + hours(parts[3]) + minutes(parts[4]) + seconds(parts[5])};
}

/// "ends 4 2026/11/26 10:12:18", "ends epoch 1795691538", "ends never".
std::optional<Instant> time_in(const Statement& words) {
  if (words.size() == 2 && words[1].text == "never") return lease::forever;
  if (words.size() == 3 && words[1].text == "epoch") {
    auto seconds = number_of(words[2].text);
    if (!seconds || *seconds > unix_seconds(lease::forever)) return std::nullopt;
    return from_unix_seconds(*seconds);
  }
  return words.size() == 4 ? moment_of(words[2].text, words[3].text) : std::nullopt;
}

/// A string with its escapes undone, or "01:52:54:...".
std::optional<Bytes> bytes_in(const IscToken& token) {
  if (token.kind == IscToken::Kind::text) return Bytes(token.text.begin(), token.text.end());
  std::string digits;
  for (std::size_t start = 0; start <= token.text.size();) {
    std::size_t end = std::min(token.text.find(':', start), token.text.size());
    std::string part = token.text.substr(start, end - start);
    digits += part.size() == 1 ? "0" + part : part;
    start = end + 1;
  }
  return from_hex(digits);
}

std::optional<Standing> standing_named(std::string_view state) {
  if (state == "active") return Standing::held;
  if (state == "abandoned") return Standing::quarantined;
  // "backup" is free, too: kept for the failover partner to give.
  constexpr std::string_view free[] = {"free", "expired", "released", "reset", "backup"};
  if (std::find(std::begin(free), std::end(free), state) != std::end(free)) return Standing::free;
  return std::nullopt;
}

class IscReader {
 public:
  IscReader(std::string_view text, const std::string& file) : tokens_(text), findings_(file) {}

  LeaseFile read() {
    for (IscToken token = tokens_.next(); token.kind != IscToken::Kind::end; token = tokens_.next()) {
      if (token.kind == IscToken::Kind::word && token.text == "lease") {
        declaration(token.line);
      } else if (token.kind == IscToken::Kind::word && token.text == "host") {
        host(token.line);
      } else if (token.kind == IscToken::Kind::word) {
        pass_over();
      }
    }
    if (tokens_.broken()) findings_.add_unread(tokens_.line(), "a string or a declaration has no end");
    for (const auto& [name, host] : hosts_) tell_host(name, host);
    std::move(findings_).put_into(read_);
    return std::move(read_);
  }

 private:
  /// The rest of a declaration that is none of ours: up to `;`, or over all of its braces.
  void pass_over() {
    for (IscToken token = tokens_.next(); token.kind != IscToken::Kind::end; token = tokens_.next()) {
      if (token.kind == IscToken::Kind::semicolon) return;
      if (token.kind == IscToken::Kind::open) return block();
      if (token.kind == IscToken::Kind::close) return;
    }
  }
  /// Behind `{`: to the `}` that belongs to it.
  void block() {
    for (std::size_t depth = 1; depth > 0;) {
      IscToken token = tokens_.next();
      if (token.kind == IscToken::Kind::end) return tokens_.set_broken();
      if (token.kind == IscToken::Kind::open) ++depth;
      if (token.kind == IscToken::Kind::close) --depth;
    }
  }

  void declaration(int line) {
    IscToken name = tokens_.next();
    auto address = Ipv4::parse(name.text);
    IscToken brace = address ? tokens_.next() : name;
    if (!address || brace.kind != IscToken::Kind::open) {
      findings_.add_unread(line, fmt::format("'{}' is no IPv4 address of a lease", printable(name.text)));
      if (name.kind == IscToken::Kind::open || brace.kind == IscToken::Kind::open) return block();
      return pass_over();
    }
    ForeignLease lease;
    lease.address = *address;
    lease.place = {findings_.file(), line, 1};
    good_ = true;
    ended_ = false;
    auto take = [&](const Statement& words) { statement(words, lease); };
    if (!statements(take)) return tokens_.set_broken();
    if (good_ && ended_) read_.leases.push_back(std::move(lease));
    if (good_ && !ended_) findings_.add_unread(line, fmt::format("the lease of {} has no end", name.text));
  }

  /// A reservation that was made while dhcpd ran (OMAPI). Of one name the last counts.
  void host(int line) {
    IscToken name = tokens_.next();
    IscToken brace = tokens_.next();
    if (brace.kind != IscToken::Kind::open) return;
    Host declared{line, {}};
    bool deleted = false;
    auto take = [&](const Statement& words) {
      if (words.empty()) return;
      if (words[0].text == "deleted") deleted = true;
      if (words[0].text == "fixed-address" && words.size() > 1) declared.address = words[1].text;
    };
    if (!statements(take)) return tokens_.set_broken();
    hosts_.erase(name.text);
    if (!deleted) hosts_.emplace(name.text, std::move(declared));
  }
  struct Host {
    int line;
    std::string address;  ///< empty: none is fixed
  };
  void tell_host(const std::string& name, const Host& host) {
    if (host.address.empty()) return;
    findings_.add(host.line,
                  fmt::format("host {} has the fixed address {}: a reservation, which is not taken over",
                              printable(name), printable(host.address)),
                  "write it as a [[machine]] with mac and address");
  }

  /// Up to the closing brace, each to `take`; false when the file ends before.
  template <typename Take>
  bool statements(Take take) {
    Statement words;
    for (;;) {
      IscToken token = tokens_.next();
      switch (token.kind) {
        case IscToken::Kind::end:
          return false;
        case IscToken::Kind::close:
          return true;
        case IscToken::Kind::open:  // "on commit { ... }"
          block();
          words.clear();
          break;
        case IscToken::Kind::semicolon:
          take(words);
          words.clear();
          break;
        default:
          words.push_back(std::move(token));
      }
    }
  }

  void statement(const Statement& words, ForeignLease& lease) {
    if (words.empty()) return;
    const std::string& verb = words[0].text;
    if (verb == "ends") {
      ended_ = true;
      put_time(words, lease.until);
    } else if (verb == "cltt" || (verb == "starts" && lease.since == Instant{})) {
      put_time(words, lease.since);
    } else if (verb == "hardware") {
      if (words.size() == 3 && words[1].text == "ethernet") lease.mac = MacAddress::parse(words[2].text);
    } else if (verb == "uid") {
      auto id = words.size() == 2 ? bytes_in(words[1]) : std::nullopt;
      id ? void(lease.client_id = std::move(*id)) : wrong(words);
    } else if (verb == "client-hostname" && words.size() == 2) {
      lease.hostname = words[1].text;
    } else if (verb == "abandoned") {
      lease.standing = Standing::quarantined;
    } else if (verb == "binding" && words.size() == 3) {  // "next" and "rewind" binding begin otherwise
      auto standing = standing_named(words[2].text);
      standing ? void(lease.standing = *standing) : wrong(words);
    }
  }

  void put_time(const Statement& words, Instant& into) {
    auto at = time_in(words);
    at ? void(into = *at) : wrong(words);
  }

  void wrong(const Statement& words) {
    std::string said;
    for (const IscToken& word : words) said += (said.empty() ? "" : " ") + word.text;
    auto what = fmt::format("'{}' cannot be read; the lease is passed over", printable(said.substr(0, 60)));
    good_ ? findings_.add_unread(words[0].line, what) : findings_.add(words[0].line, what);
    good_ = false;
  }

  IscTokens tokens_;
  Findings findings_;
  LeaseFile read_;
  std::map<std::string, Host> hosts_;
  bool good_ = true;    // the lease that is being read
  bool ended_ = false;  // it says when it ends
};

}  // namespace

LeaseFile read_isc(std::string_view text, const std::string& file) {
  return IscReader(text, file).read();
}

}  // namespace slipway::migrate
