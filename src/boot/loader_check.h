// SPDX-License-Identifier: MPL-2.0
// Whether every loader a plan will hand out is there, and what those that are there can do, asked before any
// machine asks. Pure: what exists and what is in it is told by the caller.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/problem.h"
#include "boot/loader_traits.h"
#include "model/plan.h"

namespace slipway::boot {

/// The loaders that can be served, by name, with what is known of them; so that no machine is sent after
/// one that is not there.
struct Loaders {
  std::map<std::string, LoaderTraits, std::less<>> all;

  Loaders() = default;
  /// Of which nothing more is known.
  Loaders(std::initializer_list<std::string> names) {
    for (const std::string& name : names) all.emplace(name, LoaderTraits{});
  }
  bool has(std::string_view name) const { return all.find(name) != all.end(); }
  /// What firmware of this architecture is given: an iPXE that starts SmartOS from UEFI before the others,
  /// the first of `loaders_for` that is there otherwise. Empty: nothing we know runs there; a name that is
  /// not there: none is.
  std::string_view best_for(model::Arch arch) const;
  /// Whether what this architecture is given starts SmartOS from UEFI.
  bool multiboot_from_uefi(model::Arch arch) const;
};

/// `read` gives a file's bytes, or nothing where it is not there or larger than `most_loader_bytes`.
Loaders installed_loaders(const model::ServerSettings& server,
                          const std::function<std::optional<Bytes>(const std::string& path)>& read);

Problems missing_loaders(const model::Plan& plan, const std::function<bool(const std::string& path)>& exists);

}  // namespace slipway::boot
