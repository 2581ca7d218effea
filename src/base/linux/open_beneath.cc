// SPDX-License-Identifier: MPL-2.0
#include "base/open_beneath.h"

#include <cerrno>

#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace slipway {
namespace {

UniqueFd open_at_once(int folder, const SafePath& path, Links links) {
  open_how how{};
  how.flags = file_flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  if (links == Links::refused) how.resolve |= RESOLVE_NO_SYMLINKS;
  return UniqueFd(
      static_cast<int>(::syscall(SYS_openat2, folder, path.to_string().c_str(), &how, sizeof how)));
}

}  // namespace

UniqueFd open_folder(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

UniqueFd open_beneath(int folder, const SafePath& path, Links links) {
  UniqueFd fd = open_at_once(folder, path, links);
  // Not in this kernel, or kept from us by a system call filter.
  if (fd || (errno != ENOSYS && errno != EPERM)) return only_regular(std::move(fd));
  return open_step_by_step(folder, path);
}

}  // namespace slipway
