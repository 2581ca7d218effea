// SPDX-License-Identifier: MPL-2.0
#include "walk/settings.h"

#include <algorithm>

#include "base/hex.h"

namespace slipway::walk {
namespace {

constexpr std::size_t longest_line = 8192, most_settings = 256;
constexpr int most_expansions = 256;

/// "net0/mac", "netX/mac" and "mac" are the same here; the type is left.
std::string_view without_scope(std::string_view name) {
  for (std::string_view scope : {"net0/", "netX/", "net0.dhcp/", "net0.dhcp.0/"}) {
    if (name.starts_with(scope)) return name.substr(scope.size());
  }
  return name;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view plain = "-_.~/";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (letter || plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      constexpr std::string_view digits = "0123456789ABCDEF";
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

}  // namespace

Settings::Settings(const Facts& facts) : mac_(facts.mac) {
  values_ = {{"mac", facts.mac.to_string()},
             {"uuid", facts.uuid.to_string()},
             {"ip", facts.address.to_string()},
             {"next-server", facts.next_server.to_string()},
             {"filename", facts.filename},
             {"platform", facts.efi ? "efi" : "pcbios"},
             {"buildarch", facts.efi ? "x86_64" : "i386"},
             {"chip", "storm"},
             {"manufacturer", "slipway-storm"},
             {"user-class", "iPXE"},
             {"errno", "0"}};
}

void Settings::set(std::string_view name, std::string value) {
  name = without_scope(name.substr(0, name.find(':')));
  if (value.empty()) {
    if (auto found = values_.find(name); found != values_.end()) values_.erase(found);
  } else if (values_.size() < most_settings || values_.count(name)) {
    values_.insert_or_assign(std::string(name), std::move(value));
  }
}

std::string Settings::get(std::string_view name) const {
  std::size_t colon = std::min(name.find(':'), name.size());
  std::string_view plain = without_scope(name.substr(0, colon)), type = name.substr(colon);
  auto found = values_.find(plain);
  if (found == values_.end()) return "";
  if (plain == "mac" && type == ":hexhyp") return mac_.hyphens();
  if (plain == "mac" && type == ":hexraw") return mac_.digits();
  if (type == ":uristring") return percent_encoded(found->second);
  return found->second;
}

std::string Settings::expand(std::string text) const {
  for (int round = 0; round < most_expansions; ++round) {
    std::size_t end = text.find('}');
    std::size_t begin = end == std::string::npos ? end : text.rfind("${", end);
    if (begin == std::string::npos) return text;
    text.replace(begin, end + 1 - begin, get(std::string_view(text).substr(begin + 2, end - begin - 2)));
    if (text.size() > longest_line) text.resize(longest_line);
  }
  return text;
}

}  // namespace slipway::walk
