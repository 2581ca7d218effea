// SPDX-License-Identifier: MPL-2.0
#include "image/sums.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/unique_fd.h"

namespace slipway::image {
namespace {

constexpr std::size_t most_lines = 10'000, longest_name = 255;

/// Names are compared without the folder that the list was made in.
std::optional<std::string> name_of(std::string_view text) {
  std::string_view name = text.substr(text.rfind('/') + 1);
  if (name.empty() || name.size() > longest_name) return std::nullopt;
  return std::string(name);
}

/// "DIGEST  NAME", "DIGEST *NAME".
std::optional<Sum> plain_line(std::string_view line) {
  std::size_t blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) return std::nullopt;
  auto expected = parse_digest(line.substr(0, blank));
  std::string_view rest = line.substr(blank);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t*"), rest.size()));
  auto name = name_of(rest);
  return expected && name ? std::optional(Sum{*name, *expected}) : std::nullopt;
}

/// "SHA256 (NAME) = DIGEST".
std::optional<Sum> tagged_line(std::string_view line) {
  std::size_t open = line.find(" ("), close = line.rfind(") = ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2)
    return std::nullopt;
  auto expected = parse_digest(line.substr(close + 4));
  auto name = name_of(line.substr(open + 2, close - open - 2));
  return expected && name ? std::optional(Sum{*name, *expected}) : std::nullopt;
}

}  // namespace

std::optional<Expected> parse_digest(std::string_view text) {
  auto algorithm = algorithm_of(text);
  if (!algorithm) return std::nullopt;
  std::string digest(text);
  for (char& c : digest) c = c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
  return Expected{*algorithm, std::move(digest)};
}

std::vector<Sum> parse_sums(std::string_view text) {
  std::vector<Sum> sums;
  text = text.substr(0, most_sums_bytes);
  for (std::size_t lines = 0; !text.empty() && lines < most_lines; ++lines) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (auto sum = plain_line(line)) {
      sums.push_back(std::move(*sum));
    } else if (auto tagged = tagged_line(line)) {
      sums.push_back(std::move(*tagged));
    }
  }
  return sums;
}

Result<Expected, Fault> find_sum(const std::vector<Sum>& sums, std::string_view name, std::string_view list) {
  const Sum* best = nullptr;
  for (const Sum& sum : sums) {
    if (sum.name != name) continue;
    if (best && best->expected.algorithm == sum.expected.algorithm && best->expected != sum.expected)
      return Fault{fmt::format("{} has two digests of {}", list, printable(name)), "check the list"};
    if (!best || sum.expected.algorithm > best->expected.algorithm) best = &sum;
  }
  if (best) return best->expected;
  if (sums.empty())
    return Fault{fmt::format("{} is no list of digests", list), "give one as sha256sum or md5sum writes it"};
  return Fault{fmt::format("{} has no digest of {}", list, printable(name)),
               "check that the list is that of this file"};
}

Result<void, Fault> check_digest(const std::string& path, const Expected& expected,
                                 const std::function<bool(std::uint64_t)>& read) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  Hash hash(expected.algorithm);
  Bytes buffer(1 << 20);
  for (std::uint64_t done = 0;;) {
    ssize_t got = fd ? ::read(fd.get(), buffer.data(), buffer.size()) : -1;
    if (got < 0)
      return Fault{fmt::format("cannot read {}: {}", path, std::strerror(errno)),
                   "a digest is that of one file; check the path and its rights"};
    if (got == 0) break;
    hash.update(ByteView(buffer).first(static_cast<std::size_t>(got)));
    if (!read(done += static_cast<std::uint64_t>(got))) return Fault{"interrupted", "nothing was changed"};
  }
  std::string found = hash.finish();
  if (found == expected.digest) return {};
  return Fault{
      fmt::format("{} has the {} {} and not {}", path, to_string(expected.algorithm), found, expected.digest),
      "it is damaged or another file: nothing was imported; get it again from its publisher"};
}

}  // namespace slipway::image
