// SPDX-License-Identifier: MPL-2.0
// Where a file is to be fetched from: an http or tftp URL, absolute or told relative to the file that
// names it (RFC 3986 §5.2, as far as boot scripts need it). Hosts are addresses: names would need DNS.
// Pure, any thread; what is no such URL gives a sentence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"

namespace slipway::walk {

struct Url {
  enum class Scheme { http, tftp };
  Scheme scheme = Scheme::tftp;
  Endpoint server;
  std::string path;  ///< http: with its leading slash and query; tftp: the file name asked for

  std::string to_string() const;
  friend bool operator==(const Url&, const Url&) = default;
};

inline constexpr std::size_t longest_url = 2048;

bool is_absolute(std::string_view text);
Result<Url, std::string> parse_url(std::string_view text);
/// `text` as `base` means it: "x.img", "/x.img" or a URL of its own.
Result<Url, std::string> resolve(const Url& base, std::string_view text);

}  // namespace slipway::walk
