// SPDX-License-Identifier: MPL-2.0
// A machine the operator named: what it is known by, what it always gets, what it boots. And the index of
// all of them, which answers in a look-up which machines fit what a client says of itself. Values.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/problem.h"
#include "model/client.h"
#include "model/profile.h"
#include "model/subnet.h"

namespace slipway::model {

struct Machine {
  std::string name;
  // Any of the first three names it. A port of a relay names whatever is plugged in there.
  std::vector<MacAddress> macs;
  std::optional<Uuid> uuid;
  Bytes client_id;                    ///< option 61 as it sends it; empty: not said
  Bytes relay_circuit, relay_remote;  ///< sub-options 1 and 2 of option 82; empty: not said
  std::optional<Ipv4> address;        ///< a reservation
  std::vector<std::string> classes;   ///< it belongs to these whatever their conditions say
  OptionLayer options;
  std::string profile;  ///< empty: its group's, or the default one
  std::vector<std::string> flags;
  std::vector<std::string> arguments;  ///< of a kernel that is none of illumos, laid over the profile's
  Properties properties;               ///< laid over the profile's
  std::vector<std::string> confirmed;  ///< dangerous settings that are meant, added to the profile's
  BootFiles boot_files;                ///< laid over those of its groups, and these over the profile's
  std::optional<San> san;              ///< laid over the profile's
  Place place;                         ///< where its table begins
  Places places;                       ///< and each key's value
  UnreadKeys unread;

  bool is_a_port() const { return !relay_circuit.empty() || !relay_remote.empty(); }
};

/// One thing a machine is known by, for a person: "MAC address 0c:c4:7a:ab:cd:ef", under the key that says
/// it.
struct Identifier {
  std::string_view key;  ///< as in the file: "mac"
  std::string kind;      ///< "MAC address"
  std::string value;
};
std::vector<Identifier> identifiers_of(const Machine& machine);

/// What this machine would say of itself, for those who ask on its behalf. The zero MAC address: not known.
Client client_of(const Machine& machine);

/// What a client says of itself may fit several entries of the file: one for each subnet it comes to.
class MachineMatch {
 public:
  using Same = std::span<const Machine* const>;

  void add(Same same) {
    if (!same.empty()) by_[count_++] = same;
  }
  bool empty() const { return count_ == 0; }
  /// By what says most: MAC address, then UUID, client id, port of a relay. Null: none.
  const Machine* first() const { return empty() ? nullptr : by_[0].front(); }
  /// The one whose address lies in this network. Null: none.
  const Machine* in(const Prefix& network) const;

 private:
  std::array<Same, 6> by_{};
  std::size_t count_ = 0;
};

class MachineIndex {
 public:
  MachineIndex() = default;
  /// Of these, which must outlive it and stay where they are.
  explicit MachineIndex(const std::vector<Machine>& machines);

  MachineMatch match(const Client& client) const;
  /// Whether any machine is known by this at all: what is not asked for need not be noted.
  bool knows_client_ids() const { return !by_client_id_.empty(); }
  bool knows_ports() const { return !by_port_.empty(); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Same = std::vector<const Machine*>;
  using ByText = std::unordered_map<std::string, Same, TextHash, std::equal_to<>>;

  static MachineMatch::Same find(const ByText& index, std::string_view key);

  std::unordered_map<MacAddress, Same> by_mac_;
  ByText by_uuid_, by_client_id_, by_port_;
};

}  // namespace slipway::model
