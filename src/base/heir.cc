// SPDX-License-Identifier: MPL-2.0
#include "base/heir.h"

#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace slipway {
namespace {

void give(int fd, const Heir& heir) {
  // Whether it succeeds changes nothing here.
  [[maybe_unused]] int failed = ::fchown(fd, heir.user, heir.group);
}

bool is_roots(int fd, struct stat& status) {
  return fd >= 0 && ::fstat(fd, &status) == 0 && status.st_uid == 0;
}

}  // namespace

std::optional<Heir> heir_of(const std::string& folder) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &status) != 0 || status.st_uid == 0) return std::nullopt;
  return Heir{status.st_uid, status.st_gid};
}

void give_folder(int folder, const std::optional<Heir>& heir) {
  struct stat status {};
  if (heir && is_roots(folder, status) && S_ISDIR(status.st_mode)) give(folder, *heir);
}

void give_empty_file(int file, const std::optional<Heir>& heir) {
  struct stat status {};
  if (heir && is_roots(file, status) && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
      status.st_size == 0)
    give(file, *heir);
}

void give_tree(int folder, const std::optional<Heir>& heir) {
  struct stat status {};
  if (!heir || !is_roots(folder, status)) return;
  int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // closedir closes it
  std::unique_ptr<DIR, int (*)(DIR*)> listing(again < 0 ? nullptr : ::fdopendir(again), ::closedir);
  while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr) {
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    UniqueFd fd(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!is_roots(fd.get(), status)) continue;
    if (S_ISDIR(status.st_mode)) give_tree(fd.get(), heir);
    if (S_ISREG(status.st_mode) && status.st_nlink == 1) give(fd.get(), *heir);
  }
  give_folder(folder, heir);
}

}  // namespace slipway
