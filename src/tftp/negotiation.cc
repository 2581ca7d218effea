// SPDX-License-Identifier: MPL-2.0
#include "tftp/negotiation.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace slipway::tftp {
namespace {

using wire::TftpErrorCode;

constexpr unsigned min_block_size = 8;  // RFC 2348

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> number_between(const std::string& text, std::uint64_t low, std::uint64_t high) {
  auto value = number(text);
  return value && *value >= low && *value <= high ? value : std::nullopt;
}

unsigned largest_block(const Limits& limits) {
  if (limits.path_mtu == 0) return max_block_size;
  unsigned fits = std::max(limits.path_mtu, headers_size + min_block_size) - headers_size;
  return std::min(fits, max_block_size);
}

/// The value to answer with, after noting it in `terms`; nothing when the option is left out.
std::optional<std::uint64_t> grant(const wire::TftpOption& option, std::uint64_t size, const Limits& limits,
                                   Terms& terms) {
  if (option.name == "blksize") {
    auto asked = number(option.value);
    if (!asked || *asked < min_block_size) return std::nullopt;
    terms.block_size = static_cast<unsigned>(std::min<std::uint64_t>(*asked, largest_block(limits)));
    return terms.block_size;
  }
  if (option.name == "windowsize") {
    auto asked = number_between(option.value, 1, 65535);  // RFC 7440 section 3
    if (!asked) return std::nullopt;
    terms.window = static_cast<unsigned>(std::min<std::uint64_t>(*asked, std::max(limits.max_window, 1u)));
    return terms.window;
  }
  if (option.name == "tsize") {
    if (size == 0) return std::nullopt;  // curl takes "tsize 0" for an error; without it all is well
    return number(option.value) ? std::optional(size) : std::nullopt;
  }
  if (option.name == "timeout") {
    auto asked = number_between(option.value, 1, 255);  // RFC 2349
    if (asked) terms.timeout = std::chrono::seconds(*asked);
    return asked;
  }
  if (option.name == "utimeout") {  // tftp-hpa's, in microseconds
    auto asked = number_between(option.value, 10'000, 255'000'000);
    if (asked) terms.timeout = std::chrono::microseconds(*asked);
    return asked;
  }
  return std::nullopt;
}

}  // namespace

Result<Mode, Refusal> mode_of(const wire::TftpRequest& request) {
  if (request.mode == "octet") return Mode::octet;
  if (request.mode == "netascii") return Mode::netascii;
  return Refusal{TftpErrorCode::illegal_operation, "transfer mode must be octet or netascii"};
}

Result<Terms, Refusal> negotiate(const wire::TftpRequest& request, std::uint64_t size, const Limits& limits) {
  Result<Mode, Refusal> mode = mode_of(request);
  if (!mode) return mode.error();
  Terms terms;
  terms.mode = *mode;
  for (const wire::TftpOption& option : request.options) {
    if (auto value = grant(option, size, limits, terms))
      terms.granted.push_back({option.name, fmt::to_string(*value)});
  }
  return terms;
}

Result<Terms, Refusal> negotiate_write(const wire::TftpRequest& request, std::uint64_t most_bytes,
                                       const Limits& limits) {
  const std::string* told = find_option(request.options, "tsize");
  std::uint64_t size = told ? number(*told).value_or(0) : 0;
  if (size > most_bytes)
    return Refusal{TftpErrorCode::disk_full,
                   fmt::format("{} bytes are too many, this server takes {}", size, most_bytes)};
  auto terms = negotiate(request, size, limits);
  if (terms) terms->size = size;
  return terms;
}

}  // namespace slipway::tftp
