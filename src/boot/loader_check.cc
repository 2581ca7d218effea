// SPDX-License-Identifier: MPL-2.0
#include "boot/loader_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "boot/loaders.h"

namespace slipway::boot {

std::string_view Loaders::best_for(model::Arch arch) const {
  auto candidates = loaders_for(arch);
  std::string_view best = candidates.empty() ? std::string_view() : candidates.front();
  bool found = false;
  for (std::string_view candidate : candidates) {
    auto at = all.find(candidate);
    if (at == all.end()) continue;
    if (at->second.starts_multiboot_from_uefi()) return candidate;
    if (!found) best = candidate;
    found = true;
  }
  return best;
}

bool Loaders::multiboot_from_uefi(model::Arch arch) const {
  auto at = all.find(best_for(arch));
  return at != all.end() && at->second.starts_multiboot_from_uefi();
}

Loaders installed_loaders(const model::ServerSettings& server,
                          const std::function<std::optional<Bytes>(const std::string& path)>& read) {
  Loaders installed;
  for (const std::string& folder : loader_folders(server)) {
    for (const Loader& loader : known_loaders()) {
      if (installed.has(loader.file)) continue;  // the first folder that has it serves it
      if (auto bytes = read(fmt::format("{}/{}", folder, loader.file)))
        installed.all.emplace(loader.file, recognise_loader(*bytes).value_or(LoaderTraits{}));
    }
  }
  return installed;
}

Problems missing_loaders(const model::Plan& plan,
                         const std::function<bool(const std::string& path)>& exists) {
  std::vector<std::string> folders = loader_folders(plan.server());
  auto is_there = [&](const std::string& file) {
    return std::any_of(folders.begin(), folders.end(),
                       [&](auto& folder) { return exists(folder + "/" + file); });
  };
  Problems problems;
  for (const NeededLoader& needed : needed_loaders(plan)) {
    if (std::any_of(needed.any_of.begin(), needed.any_of.end(), is_there)) continue;
    problems.push_back({{},
                        fmt::format("loader {} is missing: {}", needed.any_of.front(), needed.why),
                        needed.remedy,
                        needed.severity});
  }
  return problems;
}

}  // namespace slipway::boot
