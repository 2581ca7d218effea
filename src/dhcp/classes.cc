// SPDX-License-Identifier: MPL-2.0
#include "dhcp/classes.h"

#include <algorithm>

namespace slipway::dhcp {
namespace {

bool fits_if_asked(std::string_view text, std::string_view pattern) {
  return pattern.empty() || fits_pattern(text, pattern);
}

bool fits_option(const wire::Options& options, const model::ClassCondition::OptionTest& test) {
  auto value = options.raw(test.code);
  if (!value) return false;
  if (test.present_only) return true;
  return fits_pattern(as_text(*value), test.value) ||
         fits_pattern(wire::describe_option(test.code, *value), test.value);
}

bool fits(const model::ClassCondition& when, const wire::DhcpMessage& message, const model::Client& client,
          const RelayAgent& relay) {
  if (!when.arch.empty()) {
    if (!client.arch) return false;
    if (std::find(when.arch.begin(), when.arch.end(), *client.arch) == when.arch.end()) return false;
  }
  return fits_if_asked(client.vendor_class, when.vendor_class) &&
         fits_if_asked(client.user_class, when.user_class) &&
         (when.mac.empty() || fits_pattern(client.mac.to_string(), when.mac)) &&
         fits_if_asked(as_text(relay.circuit_id), when.relay_circuit) &&
         std::all_of(when.options.begin(), when.options.end(),
                     [&](const auto& test) { return fits_option(message.options, test); });
}

bool is_given(const model::Machine* machine, const model::BootClass& candidate) {
  return machine && std::find(machine->classes.begin(), machine->classes.end(), candidate.name) !=
                        machine->classes.end();
}

}  // namespace

bool fits_pattern(std::string_view text, std::string_view pattern) {
  // Greedy with one step back to the last '*': linear in practice, never exponential.
  std::size_t t = 0, p = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Classes::Classes(const model::Plan& plan, const wire::DhcpMessage& message, const model::Client& client,
                 const RelayAgent& relay, const model::Machine* machine) {
  for (const model::BootClass& candidate : plan.classes()) {
    if (is_given(machine, candidate) || fits(candidate.when, message, client, relay))
      members_.push_back(&candidate);
  }
  auto named = machine ? plan.groups_of(*machine) : std::span<const model::Group* const>{};
  for (const model::Group& candidate : plan.groups()) {
    if (std::find(named.begin(), named.end(), &candidate) != named.end() ||
        (candidate.when && fits(*candidate.when, message, client, relay)))
      groups_.push_back(&candidate);
  }
}

bool Classes::has(std::string_view name) const {
  return std::any_of(members_.begin(), members_.end(), [&](auto* member) { return member->name == name; });
}

}  // namespace slipway::dhcp
