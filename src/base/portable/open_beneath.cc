// SPDX-License-Identifier: MPL-2.0
#include "base/open_beneath.h"

namespace slipway {

UniqueFd open_folder(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

UniqueFd open_beneath(int folder, const SafePath& path, Links) {
  return open_step_by_step(folder, path);
}

}  // namespace slipway
