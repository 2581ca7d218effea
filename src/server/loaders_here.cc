// SPDX-License-Identifier: MPL-2.0
#include "server/loaders_here.h"

#include "base/small_file.h"

namespace slipway::server {

boot::Loaders loaders_here(const model::Plan& plan) {
  return boot::installed_loaders(
      plan.server(), [](const std::string& path) { return read_small_file(path, boot::most_loader_bytes); });
}

}  // namespace slipway::server
