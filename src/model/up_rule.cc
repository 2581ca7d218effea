// SPDX-License-Identifier: MPL-2.0
#include "model/up_rule.h"

#include <charconv>

#include <fmt/format.h>

namespace slipway::model {

std::string to_string(const UpRule& rule) {
  switch (rule.sign) {
    case UpRule::Sign::stay:
      return "stay";
    case UpRule::Sign::dhcp:
      return "dhcp";
    case UpRule::Sign::tcp:
      return fmt::format("tcp:{}", rule.port);
    case UpRule::Sign::call:
      return "call";
  }
  return "stay";
}

std::optional<UpRule> parse_up_rule(std::string_view text) {
  using Sign = UpRule::Sign;
  UpRule rule;
  if (text == "stay") return rule;
  if (text == "dhcp" || text == "call") {
    rule.sign = text == "dhcp" ? Sign::dhcp : Sign::call;
    return rule;
  }
  constexpr std::string_view head = "tcp:";
  if (!text.starts_with(head)) return std::nullopt;
  text.remove_prefix(head.size());
  rule.sign = Sign::tcp;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rule.port);
  bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && rule.port != 0 ? std::optional(rule) : std::nullopt;
}

}  // namespace slipway::model
