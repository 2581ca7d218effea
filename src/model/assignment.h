// SPDX-License-Identifier: MPL-2.0
// What the operator decided while the server runs: which image a machine, a group or everyone is to boot, and
// what a machine boots just once. Values; they are published with the plan and never changed in place.
// Whatever the file says exactly is not here: see boot::desired_of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "model/image.h"
#include "model/profile.h"

namespace slipway::model {

struct Machine;

/// Whom an image is assigned to.
struct Assignee {
  enum class Kind { machine, group, everyone };
  Kind kind = Kind::everyone;
  std::string name;  ///< a machine's key, see below; a group's name; of everyone empty

  std::string to_string() const;  ///< "machine node1", "everyone"
  friend bool operator==(const Assignee&, const Assignee&) = default;
};
std::string_view to_string(Assignee::Kind kind);
std::optional<Assignee::Kind> parse_assignee_kind(std::string_view text);

/// What a machine is remembered by: its name in the file, or the MAC address of one the file does not name.
std::string machine_key(const Machine* named, const MacAddress& mac);

struct Assignment {
  Assignee to;
  ImageKind kind = ImageKind::smartos;  ///< of the image: one whom Linux was assigned keeps its SmartOS
  std::string image;                    ///< whole id
  std::string version;                  ///< to name it by when it is gone
  Instant since{};
  std::uint64_t entry = 0;  ///< of the history, that set it
};

/// For the next boot of one machine alone.
struct BootOnce {
  std::string machine;        ///< its key
  std::uint64_t number = 0;   ///< never reused
  std::string profile;        ///< empty: its own
  std::string image;          ///< whole id; empty: what it would boot anyway
  std::string image_version;  ///< to name it by when it is gone
  Variant variant = Variant::normal;
  Instant since{};
  bool served = false;  ///< a boot has begun with it: the next one is another's
};

class Assignments {
 public:
  void put(Assignment assignment);
  void remove(const Assignee& to, ImageKind kind);
  const Assignment* find(const Assignee& to, ImageKind kind) const;
  std::vector<const Assignment*> all() const;

  void put(BootOnce once);
  void remove_once(std::string_view machine);
  void clear_onces() { onces_.clear(); }
  const BootOnce* once(std::string_view machine) const;
  const std::map<std::string, BootOnce, std::less<>>& onces() const { return onces_; }

  /// Something is said of this very machine: it is not unknown, whatever the file says.
  bool knows(std::string_view machine) const;
  bool empty() const { return standing_.empty() && onces_.empty(); }

 private:
  using Key = std::tuple<Assignee::Kind, std::string, ImageKind>;
  std::map<Key, Assignment> standing_;
  std::map<std::string, BootOnce, std::less<>> onces_;
};

}  // namespace slipway::model
