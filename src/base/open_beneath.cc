// SPDX-License-Identifier: MPL-2.0
#include "base/open_beneath.h"

#include <cerrno>

#include <sys/stat.h>

namespace slipway {

UniqueFd only_regular(UniqueFd fd) {
  struct stat status {};
  if (!fd) return fd;
  if (::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode)) return fd;
  errno = S_ISDIR(status.st_mode) ? EISDIR : EACCES;
  return UniqueFd();
}

UniqueFd open_step_by_step(int folder, const SafePath& path) {
  UniqueFd at;
  const auto& components = path.components();
  for (std::size_t i = 0; i < components.size(); ++i) {
    bool last = i + 1 == components.size();
    int flags = last ? file_flags | O_NOFOLLOW : O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
    UniqueFd next(::openat(at ? at.get() : folder, components[i].c_str(), flags));
    if (!next) return next;
    at = std::move(next);
  }
  return only_regular(std::move(at));
}

}  // namespace slipway
