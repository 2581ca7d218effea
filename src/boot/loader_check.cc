// SPDX-License-Identifier: MPL-2.0
#include "boot/loader_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "boot/loaders.h"

namespace slipway::boot {

std::set<std::string, std::less<>> installed_loaders(
    const model::ServerSettings& server, const std::function<bool(const std::string& path)>& exists) {
  std::set<std::string, std::less<>> installed;
  for (const std::string& folder : loader_folders(server)) {
    for (const Loader& loader : known_loaders()) {
      if (exists(fmt::format("{}/{}", folder, loader.file))) installed.emplace(loader.file);
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
