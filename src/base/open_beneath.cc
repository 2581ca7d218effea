// SPDX-License-Identifier: MPL-2.0
#include "base/open_beneath.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace slipway {
namespace {

OpenError error_of(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return OpenError::absent;
    case EACCES:
    case EPERM:
    case EXDEV:  // a link that leads out
    case ELOOP:
      return OpenError::forbidden;
    default:
      return OpenError::failed;
  }
}

}  // namespace

Result<OpenedFile, OpenError> open_beneath(const std::string& folder, const SafePath& path) {
  if (path.empty()) return OpenError::not_a_file;
  UniqueFd root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return error_of(errno);
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;  // O_NONBLOCK: a FIFO must not hold us up
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  UniqueFd fd(
      static_cast<int>(::syscall(SYS_openat2, root.get(), path.to_string().c_str(), &how, sizeof how)));
  if (!fd) return error_of(errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return OpenError::failed;
  if (!S_ISREG(status.st_mode)) return OpenError::not_a_file;
  OpenedFile opened;
  opened.fd = std::move(fd);
  opened.size = static_cast<std::uint64_t>(status.st_size);
  opened.modified = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  return opened;
}

}  // namespace slipway
