// SPDX-License-Identifier: MPL-2.0
// The list of digests that a publisher puts beside its files: what sha256sum, sha1sum, sha512sum and md5sum
// write ("DIGEST  NAME", "DIGEST *NAME") and their --tag form ("SHA256 (NAME) = DIGEST"); SmartOS'
// md5sums.txt is one. Pure but for `check_digest`, which reads the file. Any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/digest.h"

namespace slipway::image {

struct Expected {
  Algorithm algorithm = Algorithm::sha256;
  std::string digest;  ///< lower-case digits
  friend bool operator==(const Expected&, const Expected&) = default;
};
/// A digest by itself; the algorithm by its length.
std::optional<Expected> parse_digest(std::string_view text);

struct Sum {
  std::string name;  ///< without folders in front
  Expected expected;
};
inline constexpr std::size_t most_sums_bytes = 1 << 20;
/// Every line that has the form; others are left out.
std::vector<Sum> parse_sums(std::string_view text);
/// Of a file of this name the strongest digest; the Fault says what `list` lacks.
Result<Expected, Fault> find_sum(const std::vector<Sum>& sums, std::string_view name, std::string_view list);

/// Whether a file is the one that is expected. `read` hears how many bytes were read, and false stops it.
Result<void, Fault> check_digest(const std::string& path, const Expected& expected,
                                 const std::function<bool(std::uint64_t)>& read);

}  // namespace slipway::image
