// SPDX-License-Identifier: MPL-2.0
#include "base/open_beneath.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

namespace slipway {
namespace {

// Not blocking, so that a FIFO put there does not hold us.
constexpr int file_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

UniqueFd only_regular(UniqueFd fd) {
  struct stat status {};
  if (!fd) return fd;
  if (::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode)) return fd;
  errno = S_ISDIR(status.st_mode) ? EISDIR : EACCES;
  return UniqueFd();
}

#ifdef SYS_openat2
UniqueFd open_at_once(int folder, const SafePath& path, Links links) {
  open_how how{};
  how.flags = file_flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  if (links == Links::refused) how.resolve |= RESOLVE_NO_SYMLINKS;
  return UniqueFd(
      static_cast<int>(::syscall(SYS_openat2, folder, path.to_string().c_str(), &how, sizeof how)));
}
#endif

}  // namespace

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

UniqueFd open_beneath(int folder, const SafePath& path, [[maybe_unused]] Links links) {
#ifdef SYS_openat2
  UniqueFd fd = open_at_once(folder, path, links);
  // Not in this kernel, or kept from us by a system call filter.
  if (fd || (errno != ENOSYS && errno != EPERM)) return only_regular(std::move(fd));
#endif
  return open_step_by_step(folder, path);
}

}  // namespace slipway
