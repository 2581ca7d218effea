// SPDX-License-Identifier: MPL-2.0
// Which boot loader goes to which architecture, where such files are looked for and which Debian package
// brings them. Data and choices only: no file is opened here; the caller looks and reports. Any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/client.h"
#include "model/plan.h"

namespace slipway::boot {

struct Loader {
  std::string_view file;     ///< the name it is served under: "undionly.kpxe"
  std::string_view purpose;  ///< "iPXE for BIOS machines"
  std::string_view package;  ///< the Debian package that brings it; empty: none does
};

/// Every loader file we know by name; only these are served as `LoaderFile`.
std::span<const Loader> known_loaders();
const Loader* find_loader(std::string_view file);

/// What firmware of this architecture is given, best first; empty: nothing we know runs there.
std::span<const std::string_view> loaders_for(model::Arch arch);

/// Folders to look in, in order: the operator's own, then where Debian puts them.
std::vector<std::string> loader_folders(const model::ServerSettings& server);

struct NeededLoader {
  std::vector<std::string> any_of;  ///< one of these must be found, best first
  std::string why;                  ///< "BIOS machines start with it"
  std::string remedy;  ///< "install the Debian package ipxe, or give it one: slipway loader add FILE"
  Severity severity =
      Severity::warning;  ///< of its absence: error when no SmartOS machine could boot without
};

/// What a plan's subnets and classes will hand out, so that `check` and the start can say what is missing
/// before any machine asks.
std::vector<NeededLoader> needed_loaders(const model::Plan& plan);

}  // namespace slipway::boot
