// SPDX-License-Identifier: MPL-2.0
#include "base/folder.h"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/heir.h"

namespace slipway {

namespace fs = std::filesystem;

UniqueFd open_folder(int beneath, const std::string& path) {
  return UniqueFd(::openat(beneath, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool sync_folder(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && ::fsync(fd.get()) == 0;
}

bool make_folder(const std::string& path) {
  std::string parent = fs::path(path).parent_path();
  std::error_code ignored;
  if (!parent.empty() && !fs::exists(parent, ignored) && !make_folder(parent)) return false;
  if (::mkdir(path.c_str(), 0755) != 0) return errno == EEXIST;
  give_folder(open_folder(AT_FDCWD, path).get(), heir_of(parent));
  return ::chmod(path.c_str(), 0755) == 0 && sync_folder(parent.empty() ? "." : parent);
}

}  // namespace slipway
