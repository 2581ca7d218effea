// SPDX-License-Identifier: MPL-2.0
// Files that a started illumos kernel finds below /system/boot: the operator's own, and the two that are made
// from the settings. Values; a profile, a group and a machine each say some, the nearest wins.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/problem.h"

namespace slipway::model {

/// One `name=value`: a property of an illumos kernel, an answer of answers.json. Order is kept; names are
/// unique.
struct Property {
  std::string name;
  std::string value;
  Place place;
  friend bool operator==(const Property& a, const Property& b) {
    return a.name == b.name && a.value == b.value;
  }
};
using Properties = std::vector<Property>;

/// `overrides` laid over `base`: same names replaced in place, new ones appended.
Properties merged(Properties base, const Properties& overrides);

/// A file that the configuration names and that is read together with it.
struct LocalFile {
  std::string path;                            ///< empty: none is named
  std::shared_ptr<const std::string> content;  ///< null: it was not read
  std::string sha1;                            ///< of the content
  std::string fault;                           ///< why: "cannot be read: Permission denied"
};

struct BootModule {
  std::string name;  ///< below /system/boot: "etc/system"
  LocalFile file;
  Place place;
};

struct BootFiles {
  std::vector<BootModule> modules;
  std::optional<bool> networking;     ///< networking.json is made for the machine
  std::optional<Properties> answers;  ///< answers.json is made, with these in it
};

}  // namespace slipway::model
