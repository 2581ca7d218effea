// SPDX-License-Identifier: MPL-2.0
#include "dhcp/classes.h"

#include <algorithm>

#include "wire/pxe_options.h"

namespace slipway::dhcp {
namespace {

using model::ClassCondition;
using model::fits_any;

/// Empty: not asked.
template <typename List, typename Value>
bool has_if_asked(const List& list, const Value& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool fits_option(const wire::Options& options, const ClassCondition::OptionTest& test) {
  using Kind = ClassCondition::OptionTest::Kind;
  auto value = options.raw(test.code);
  if (test.kind != Kind::fits) return value.has_value() == (test.kind == Kind::present);
  if (!value) return false;
  return fits_any(test.patterns, as_text(*value)) ||
         fits_any(test.patterns, wire::describe_option(test.code, *value));
}

bool fits_user_class(const ClassCondition& when, const wire::Options& options) {
  if (when.user_class.empty()) return true;
  auto option = options.raw(wire::opt::UserClass::code);
  auto classes = option ? wire::parse_user_class(*option) : std::vector<std::string>{};
  return std::any_of(classes.begin(), classes.end(),
                     [&](const std::string& one) { return fits_any(when.user_class, one); });
}

bool fits_relay(const ClassCondition& when, const Evidence& seen) {
  Ipv4 giaddr = seen.message.giaddr;
  bool lies_there =
      when.relay.empty() || std::any_of(when.relay.begin(), when.relay.end(),
                                        [&](Prefix network) { return network.contains(giaddr); });
  return lies_there && fits_any(when.relay_circuit, as_text(seen.relay.circuit_id)) &&
         fits_any(when.relay_remote, as_text(seen.relay.remote_id));
}

bool fits_machine(const ClassCondition& when, const Evidence& seen) {
  if (when.known && *when.known != (seen.machine != nullptr)) return false;
  if (!when.mac.empty() && !fits_any(when.mac, seen.client.mac.to_string())) return false;
  if (when.uuid.empty()) return true;
  return seen.client.uuid && fits_any(when.uuid, seen.client.uuid->to_string());
}

bool fits_message(const ClassCondition& when, const Evidence& seen) {
  if (when.message_types.empty()) return true;
  auto type = seen.message.options.get<wire::opt::MessageType>();
  return type && has_if_asked(when.message_types, static_cast<std::uint8_t>(*type));
}

/// `members`: the classes it belongs to among those that stand before.
bool fits(const ClassCondition& when, const Evidence& seen, const Classes& members) {
  const wire::Options& options = seen.message.options;
  auto holds = [&](const ClassCondition& part) { return fits(part, seen, members); };
  return (when.arch.empty() || (seen.client.arch && has_if_asked(when.arch, *seen.client.arch))) &&
         fits_any(when.vendor_class, seen.client.vendor_class) &&
         has_if_asked(when.interface, seen.interface) && fits_message(when, seen) &&
         fits_machine(when, seen) && fits_relay(when, seen) && fits_user_class(when, options) &&
         std::all_of(when.options.begin(), when.options.end(),
                     [&](const auto& test) { return fits_option(options, test); }) &&
         (when.classes.empty() || std::any_of(when.classes.begin(), when.classes.end(),
                                              [&](const auto& name) { return members.has(name); })) &&
         (when.any.empty() || std::any_of(when.any.begin(), when.any.end(), holds)) &&
         std::none_of(when.none.begin(), when.none.end(), holds);
}

bool is_given(const model::Machine* machine, const model::BootClass& candidate) {
  return machine && std::find(machine->classes.begin(), machine->classes.end(), candidate.name) !=
                        machine->classes.end();
}

}  // namespace

Classes::Classes(const model::Plan& plan, const Evidence& seen) {
  for (const model::BootClass& candidate : plan.classes()) {
    if (is_given(seen.machine, candidate) || (candidate.when && fits(*candidate.when, seen, *this)))
      members_.push_back(&candidate);
  }
  auto named = seen.machine ? plan.groups_of(*seen.machine) : std::span<const model::Group* const>{};
  for (const model::Group& candidate : plan.groups()) {
    if (std::find(named.begin(), named.end(), &candidate) != named.end() ||
        (candidate.when && fits(*candidate.when, seen, *this)))
      groups_.push_back(&candidate);
  }
}

bool Classes::has(std::string_view name) const {
  return std::any_of(members_.begin(), members_.end(), [&](auto* member) { return member->name == name; });
}

const model::BootClass* Classes::unanswered() const {
  auto found = std::find_if(members_.begin(), members_.end(), [](auto* member) { return !member->answer; });
  return found == members_.end() ? nullptr : *found;
}

}  // namespace slipway::dhcp
