// SPDX-License-Identifier: MPL-2.0
#include "server/privileges.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/result.h"

namespace slipway::server {
namespace {

struct Account {
  uid_t uid;
  gid_t gid;
};

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

void check(int result, std::string_view step) {
  if (result != 0)
    throw StartupError(fmt::format("cannot drop privileges: {}: {}", step, std::strerror(errno)));
}

void keep_only(const std::vector<cap_value_t>& kept) {
  std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> caps(::cap_init(), ::cap_free);
  for (cap_flag_t set : {CAP_PERMITTED, CAP_EFFECTIVE}) {
    check(::cap_set_flag(caps.get(), set, static_cast<int>(kept.size()), kept.data(), CAP_SET),
          "cap_set_flag");
  }
  check(::cap_set_proc(caps.get()), "cap_set_proc");
}

/// Whether NET_ADMIN is still among what we may use.
bool may_set_capabilities() {
  std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> caps(::cap_get_proc(), ::cap_free);
  cap_flag_value_t value = CAP_CLEAR;
  return caps && ::cap_get_flag(caps.get(), CAP_NET_ADMIN, CAP_PERMITTED, &value) == 0 && value == CAP_SET;
}

}  // namespace

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

void become(const std::string& user) {
  if (::geteuid() != 0 || user == "root") return;
  Account account = find_account(user);
  check(::prctl(PR_SET_KEEPCAPS, 1), "prctl");
  check(::setgroups(0, nullptr), "setgroups");
  check(::setresgid(account.gid, account.gid, account.gid), "setresgid");
  check(::setresuid(account.uid, account.uid, account.uid), "setresuid");
  keep_only({CAP_NET_BIND_SERVICE, CAP_NET_RAW, CAP_NET_ADMIN});
  check(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

void require_access(const std::string& directory) {
  if (::access(directory.c_str(), R_OK | W_OK | X_OK) == 0) return;
  int error = errno;
  const passwd* entry = ::getpwuid(::geteuid());
  throw StartupError(fmt::format(
      "the account '{}' cannot use {}: {}; let it into every folder on the way (`namei -l {}` shows "
      "them), or choose another folder",
      entry ? entry->pw_name : std::to_string(::geteuid()), directory, std::strerror(error), directory));
}

void settle() {
  // A daemon that was never root keeps what it was given, systemd's ambient capabilities for example.
  if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && may_set_capabilities()) {
    keep_only({CAP_NET_BIND_SERVICE, CAP_NET_RAW});
  }
}

}  // namespace slipway::server
