// SPDX-License-Identifier: MPL-2.0
#include "server/privileges.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "base/result.h"
#include "server/account.h"

namespace slipway::server {

Account find_account(const std::string& user) {
  const passwd* entry = ::getpwnam(user.c_str());
  if (!entry) {
    throw StartupError(
        fmt::format("there is no account '{}' to run as; make it with `useradd --system "
                    "--no-create-home {}`, or name another as server.user",
                    user, user));
  }
  return {entry->pw_uid, entry->pw_gid};
}

void give_to(const std::string& user, const std::vector<std::string>& directories,
             const std::vector<std::string>& files) {
  for (const std::string& directory : directories) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) throw StartupError(fmt::format("cannot make {}: {}", directory, error.message()));
  }
  if (::geteuid() != 0 || user == "root") return;
  Account account = find_account(user);
  auto give = [&](const std::string& path) {
    if (::lchown(path.c_str(), account.uid, account.gid) != 0 && errno != ENOENT) {
      throw StartupError(fmt::format("cannot give {} to {}: {}", path, user, std::strerror(errno)));
    }
  };
  for (const std::string& directory : directories) give(directory);
  for (const std::string& file : files) give(file);
}

void check_dropping(int result, std::string_view step) {
  if (result != 0)
    throw StartupError(fmt::format("cannot drop privileges: {}: {}", step, std::strerror(errno)));
}

void require_access(const std::string& directory) {
  if (::faccessat(AT_FDCWD, directory.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0) return;
  int error = errno;
  const passwd* entry = ::getpwuid(::geteuid());
  throw StartupError(fmt::format(
      "the account '{}' cannot use {}: {}; let it into every folder on the way (`namei -l {}` shows "
      "them), or choose another folder",
      entry ? entry->pw_name : std::to_string(::geteuid()), directory, std::strerror(error), directory));
}

}  // namespace slipway::server
